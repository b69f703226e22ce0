import type { IdentityRecord, StoredIdentity } from '../../domain/identity.js';
import { hasTaken } from '../../domain/merged-identity.js';
import { mutate } from '../../storage/mutate.js';
import type { Document, Key, Store, Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import { liveRecord } from './live-record.js';
import { settleMerge } from './settle-merge.js';

/**
 * The document that an id stands for: of a merged identity, that of the one it was merged into. A merge that is not
 * decided has not happened yet.
 */
export async function resolveIdentity(
  store: Store,
  key: Key,
  wait?: Wait,
): Promise<Document<StoredIdentity> | undefined> {
  let found = await store.get(identities, key, wait);
  while (found?.body.kind === 'merged') {
    const next: Document<StoredIdentity> | undefined = await store.get(
      identities,
      { tenant: key.tenant, id: found.body.target },
      wait,
    );
    if (found.body.source !== null && !hasTaken(next?.body, found.body)) return found;
    found = next;
  }
  return found;
}

/**
 * `mutate` for the record that an id stands for; a merge that it is in the midst of is finished first.
 * Throws IDENTITY_NOT_FOUND.
 */
export async function mutateIdentity(
  store: Store,
  key: Key,
  change: (record: IdentityRecord) => StoredIdentity,
  wait?: Wait,
): Promise<Document<StoredIdentity> | undefined> {
  const apply = (stored: StoredIdentity) => (stored.kind === 'merged' ? stored : change(liveRecord(stored)));
  let { id } = key;
  for (;;) {
    const document = await mutate(store, identities, { tenant: key.tenant, id }, apply, wait);
    if (document?.body.kind !== 'merged') return document;
    const taken = document.body.source === null || (await settleMerge(store, document.body, wait));
    id = taken ? document.body.target : id;
  }
}
