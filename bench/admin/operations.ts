import { restCalls } from '../rest-calls.js';
import type { Operation } from '../service/contender.js';
import { inTurn } from '../service/contender.js';

/** How many identities a list is asked for. */
export const LISTED = 250;

/** An operation of the admin contract, what of the bare store it is held against, and what it is to reach. */
export interface Subject {
  readonly name: string;
  readonly bare: Operation;
  /** A second: twice what the best known peer did on a machine like this. */
  readonly aim: number;
  run(): Promise<unknown>;
}

/** A hash of bcrypt, as imports bring them. */
const HASHED = '$2b$05$.b/x1jQ4rI.C9iqpM3rBd.Z3G2ZJdU5W6EaSupM9LNafynS.2Vyvm';

/** The operations over REST, on connections that are kept, among so many identities. */
export async function adminOperations(address: string, key: string, records: number): Promise<Subject[]> {
  const { call } = restCalls(address, key, '/admin/identities');
  let count = 0;
  const create = (credentials?: object) => {
    const traits = {
      email: `bench-${process.pid}-${count++}@example.com`,
      name: { first: 'Ada', last: 'Byron' },
    };
    return call('POST', '', { schema_id: 'default', traits, ...(credentials && { credentials }) });
  };
  const ids: string[] = [];
  while (ids.length < records)
    ids.push(...(await Promise.all(Array.from({ length: 25 }, () => create()))).map(({ id }) => id));
  const next = inTurn(ids);
  return [
    { name: 'create', bare: 'create', aim: 812, run: () => create() },
    {
      name: 'create with an imported hash',
      bare: 'create',
      aim: 606,
      run: () => create({ password: { config: { hashed_password: HASHED } } }),
    },
    {
      name: 'create with a password',
      bare: 'create',
      aim: 166,
      run: () => create({ password: { config: { password: 'correct horse battery' } } }),
    },
    { name: 'get', bare: 'get', aim: 2940, run: () => call('GET', `/${next()}`) },
    { name: `list ${LISTED}`, bare: 'list', aim: 214, run: () => call('GET', `?page_size=${LISTED}`) },
    {
      name: 'patch',
      bare: 'update',
      aim: 606,
      run: () => call('PATCH', `/${next()}`, [{ op: 'add', path: '/metadata_public', value: count++ }]),
    },
  ];
}
