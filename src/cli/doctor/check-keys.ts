import { keys } from '../../services/keys/key-record.js';
import { type KeyView, listKeys } from '../../services/keys/operations.js';
import type { Store } from '../../storage/store.js';
import { type Finding, ok, warning } from './finding.js';

/** Time enough to hand out a new one. */
const SOON_MS = 14 * 86_400_000;

/** Whether there are API keys, and which of them run out. */
export async function checkKeys(store: Store, developmentKeys: boolean, now: number): Promise<Finding[]> {
  await store.open([keys]);
  const all: KeyView[] = [];
  for await (const key of listKeys(store)) if (key.revokeTime === null) all.push(key);
  const endsBy = (time: number) =>
    all.filter((key) => key.expireTime !== null && Date.parse(key.expireTime) <= time);
  const expired = endsBy(now);
  const valid = all.length - expired.length;
  const make = 'facet key create --tenant T --contract C';
  const soon = endsBy(now + SOON_MS).filter((key) => !expired.includes(key));
  return [
    valid > 0 || developmentKeys
      ? ok(
          'API keys',
          `${valid} valid, ${expired.length} expired${developmentKeys ? ', and the development keys' : ''}`,
        )
      : warning('API keys', 'there is none that opens anything', make),
    ...soon.map(({ id, tenant, expireTime }) =>
      warning('API keys', `${id} of tenant ${tenant} ends at ${expireTime}`, make),
    ),
  ];
}
