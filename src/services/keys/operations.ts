import { uuidv7 } from 'uuidv7';
import { invalid } from '../../domain/errors.js';
import type { ContractName } from '../../domain/identity.js';
import { mutate } from '../../storage/mutate.js';
import type { Store } from '../../storage/store.js';
import { hashKey, makeKey } from './api-key.js';
import { KEY_SCOPES, type KeyRecord, type KeyScope, keys, SYSTEM } from './key-record.js';
import { assertTenantName } from './tenant-name.js';

const PAGE = 500;

/** A key as it is shown: all but its hash. */
export type KeyView = Omit<KeyRecord, 'hash'>;

export interface NewKey {
  readonly tenant: string;
  readonly contract: ContractName;
  /** All of them where none is given. */
  readonly scopes?: readonly KeyScope[];
  readonly expireTime?: Date | undefined;
}

/** Makes a key. Its text is in this answer and nowhere else. Throws INVALID_INPUT. */
export async function createKey(
  store: Store,
  { tenant, contract, scopes = [], expireTime }: NewKey,
  now: Date = new Date(),
): Promise<{ readonly key: string; readonly view: KeyView }> {
  assertTenantName(tenant);
  if (expireTime !== undefined && !(expireTime.getTime() > now.getTime())) {
    throw invalid({ field: 'expire_time', description: 'must be in the future', rule: 'expire_time.future' });
  }
  const key = makeKey(contract);
  const record: KeyRecord = {
    id: uuidv7(),
    tenant,
    contract,
    scopes: scopes.length > 0 ? KEY_SCOPES.filter((scope) => scopes.includes(scope)) : KEY_SCOPES,
    hash: hashKey(key),
    createTime: now.toISOString(),
    expireTime: expireTime?.toISOString() ?? null,
    revokeTime: null,
  };
  await store.insert(keys, { tenant: SYSTEM, id: record.id }, record);
  return { key, view: toView(record) };
}

/** The keys of one tenant or of all, oldest first, revoked ones too. */
export async function* listKeys(store: Store, tenant?: string): AsyncGenerator<KeyView> {
  const where = tenant === undefined ? [] : [{ field: 'tenant', equals: tenant }];
  for (let after: { value: string; id: string } | undefined; ; ) {
    const page = await store.find(keys, {
      tenant: SYSTEM,
      where,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { body } of page) yield toView(body);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { value: last.id, id: last.id };
  }
}

/** Revokes a key, for good; undefined where there is none of this id. Holds everywhere within a second. */
export async function revokeKey(
  store: Store,
  id: string,
  now: Date = new Date(),
): Promise<KeyView | undefined> {
  const revokeTime = now.toISOString();
  const revoked = await mutate(store, keys, { tenant: SYSTEM, id }, (key) =>
    key.revokeTime === null ? { ...key, revokeTime } : key,
  );
  return revoked && toView(revoked.body);
}

function toView({ hash: _, ...view }: KeyRecord): KeyView {
  return view;
}
