import { Agent, request } from 'node:http';
import { type Contender, inTurn, PAGE, sampleIdentity } from './contender.js';

/** The core contract over REST, on connections that are kept. */
export async function overRest(
  name: string,
  address: string,
  key: string,
  records: number,
): Promise<Contender> {
  const agent = new Agent({ keepAlive: true });
  const [host, port] = address.split(':');
  const call = (method: string, path: string, body?: object) =>
    new Promise<{ id?: string }>((resolve, reject) => {
      const text = body && JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${key}`,
        ...(text && { 'content-length': Buffer.byteLength(text) }),
      };
      const sent = request(
        { agent, host, port, method, path: `/api/core/v1/identities${path}`, headers },
        (response) => {
          let answer = '';
          response.setEncoding('utf8').on('data', (chunk) => (answer += chunk));
          response.on('end', () =>
            response.statusCode! < 300
              ? resolve(JSON.parse(answer))
              : reject(new Error(`${method} ${path}: ${answer}`)),
          );
        },
      );
      sent.on('error', reject).end(text);
    });
  const make = async () => (await call('POST', '', sampleIdentity())).id!;
  const ids: string[] = [];
  while (ids.length < records) ids.push(...(await Promise.all(Array.from({ length: 25 }, make))));
  const next = inTurn(ids);
  let count = 0;
  return {
    name,
    run: {
      create: make,
      get: () => call('GET', `/${next()}`),
      list: () => call('GET', `?pageSize=${PAGE}`),
      update: () => call('PATCH', `/${next()}`, { jobTitle: `Analyst ${count++}` }),
    },
    close: async () => agent.destroy(),
  };
}
