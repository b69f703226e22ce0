import { uuidv7 } from 'uuidv7';
import { COLLECTIONS } from '../../src/collections.js';
import { newIdentity } from '../../src/domain/identity-change.js';
import { identities } from '../../src/services/identity/collection.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';

// node filling-process.js <file> <count>: says so when that many identities are written, and goes on until it is killed.
const [path = '', count = '0'] = process.argv.slice(2);
const AT_ONCE = 500;
const TENANT = 'acme';
const store = createEmbeddedStore({ path });
await store.open(COLLECTIONS);
for (let written = 0; ; written += AT_ONCE) {
  const some = Array.from({ length: AT_ONCE }, (_, i) => insert(written + i));
  await Promise.all(some);
  if (written + AT_ONCE === Number(count)) process.send?.('written');
}

async function insert(n: number): Promise<void> {
  const key = { tenant: TENANT, id: uuidv7() };
  const origin = { contract: 'core', request: null, now: new Date().toISOString() } as const;
  const given = {
    givenName: `Given ${n}`,
    familyName: `Family ${n}`,
    externalId: `crm-${n}`,
    tags: ['filled'],
  };
  await store.insert(identities, key, newIdentity(key, given, origin));
}
