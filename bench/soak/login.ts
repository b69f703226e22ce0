import type { Acts } from './acts.js';

const KEY = { authorization: 'Bearer facet_outreach_dev' };
const CODE = JSON.stringify({ code: '123456' });

/** Logs an identity of its own in, watching as server-sent events and giving the code, and removes it. */
export async function logIn(address: string, outreach: Acts, n: string): Promise<void> {
  const id = await outreach.make(n);
  const path = `http://${address}/v1/identities/${id}/linkedin`;
  const begun = await post(
    `${path}/login`,
    JSON.stringify({ username: '2fa@example.com', password: 'secret' }),
  );
  const session = /sess_[0-9a-f]+/.exec(begun)![0];
  const headers = { ...KEY, accept: 'text/event-stream' };
  const events = await fetch(`${path}/status/${session}/events`, { headers });
  let text = '';
  let given = false;
  for await (const chunk of events.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (given || !text.includes('verification_required')) continue;
    given = true;
    await post(`${path}/code/${session}`, CODE);
  }
  if (!text.includes('"connected"')) throw new Error(`a login ended otherwise: ${text.slice(-300)}`);
  await outreach.remove(id);
}

async function post(url: string, body: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers: KEY, body });
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(`POST /linkedin: ${answer.status} ${text}`);
  return text;
}
