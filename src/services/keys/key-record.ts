import type { ContractName } from '../../domain/identity.js';
import { claim } from '../../domain/identity-index.js';
import type { Collection } from '../../storage/store.js';

/** What a key may do. */
export type KeyScope = 'read' | 'write' | 'admin';
export const KEY_SCOPES: readonly KeyScope[] = ['read', 'write', 'admin'];

/** A key as stored: what it is for, and the hash by which it is known. Times are RFC 3339 in UTC. */
export interface KeyRecord {
  readonly id: string;
  readonly tenant: string;
  /** Routes only: any key may call any contract. */
  readonly contract: ContractName;
  readonly scopes: readonly KeyScope[];
  /** SHA-256 of the whole key, hexadecimal; the key itself is not kept. */
  readonly hash: string;
  readonly createTime: string;
  readonly expireTime: string | null;
  readonly revokeTime: string | null;
}

/** The partition that holds what is of no tenant; no tenant can have this name. */
export const SYSTEM = '_facet';

export function hashClaim(hash: string): string {
  return claim('hash', hash);
}

/** The keys of all tenants. */
export const keys: Collection<KeyRecord> = {
  name: 'keys',
  fields: { tenant: 'text' },
  index: ({ tenant, hash }) => ({ claims: [hashClaim(hash)], tokens: [], fields: { tenant } }),
};
