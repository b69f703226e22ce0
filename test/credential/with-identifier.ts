import { identities } from '../../src/services/identity/collection.js';
import { mutate } from '../../src/storage/mutate.js';
import type { Store } from '../../src/storage/store.js';

/** Gives an identity an identifier to sign in with, as a trait that its schema marks does. */
export async function withIdentifier(store: Store, tenant: string, id: string, identifier: string) {
  await mutate(store, identities, { tenant, id }, (stored) => {
    if (stored.kind !== 'identity') return stored;
    const traitFacts = {
      ...stored.traitFacts,
      identifiers: [{ credential: 'password', value: identifier }],
    };
    return { ...stored, traits: JSON.stringify({ email: identifier }), traitFacts };
  });
}
