import { mustBeDocumented } from './validated-rest.js';

/** The non-empty lines of a streamed answer, up to its end. One that is not as documented throws. */
export async function readLines(
  url: string,
  key: string,
  accept: string,
  headers: Record<string, string> = {},
): Promise<string[]> {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${key}`, accept, ...headers },
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  const lines = text.split('\n').filter((line) => line !== '');
  for (const line of lines.filter((each) => !/^(?::|id: )/.test(each))) {
    const body = JSON.parse(line.replace(/^data: /, ''));
    mustBeDocumented(key, 'GET', new URL(url).pathname, {
      status: answer.status,
      headers: answer.headers,
      body,
    });
  }
  return lines;
}
