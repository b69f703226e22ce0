import { restCalls } from '../rest-calls.js';
import { type Contender, inTurn, PAGE, sampleIdentity } from './contender.js';

/** The core contract over REST, on connections that are kept. */
export async function overRest(
  name: string,
  address: string,
  key: string,
  records: number,
): Promise<Contender> {
  const { call, close } = restCalls(address, key, '/api/core/v1/identities');
  const make = async () => (await call('POST', '', sampleIdentity())).id;
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
    close: async () => close(),
  };
}
