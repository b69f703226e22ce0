import type { AddressRecord } from '../../domain/address.js';
import { invalid } from '../../domain/errors.js';
import { isObject, type Json } from '../../domain/json-patch/json.js';
import type { KnownAddress } from '../../domain/schema/addresses.js';

const STATUSES: readonly unknown[] = ['pending', 'sent', 'completed', undefined];

/**
 * A list of addresses after a patch: which of the records it still has, and what it tells of them. Throws
 * INVALID_INPUT for what is no list of addresses. `status` and `verified_at` follow `verified` where it alone changed.
 */
export function patchedAddresses(
  value: Json | undefined,
  before: readonly AddressRecord[],
  name: string,
): { readonly kept: AddressRecord[]; readonly known: KnownAddress[] } {
  if (value !== undefined && !Array.isArray(value)) throw fault(name, 'a list');
  const known = (value ?? []).map((item, at) => toKnown(item, before, `${name}/${at}`));
  const kept = before.filter((address) =>
    known.some(({ value, via }) => value === address.value && via === address.via),
  );
  return { kept, known };
}

function toKnown(item: Json, before: readonly AddressRecord[], name: string): KnownAddress {
  if (!isObject(item)) throw fault(name, 'an object');
  const { value, via, verified = false, status, verified_at: verifiedAt = null } = item;
  if (typeof value !== 'string') throw fault(`${name}/value`, 'a text');
  if (via !== 'email' && via !== 'sms') throw fault(`${name}/via`, 'email or sms');
  if (typeof verified !== 'boolean') throw fault(`${name}/verified`, 'true or false');
  if (!STATUSES.includes(status)) throw fault(`${name}/status`, 'pending, sent or completed');
  const old = before.find((address) => address.value === value && address.via === via);
  const turned = old !== undefined && old.verified !== verified;
  return {
    value,
    via,
    verified,
    status: turned && status === old.status ? undefined : (status as string | undefined),
    verifiedAt: turned && verifiedAt === old.verifiedAt ? null : timeOf(verifiedAt, name),
  };
}

function timeOf(value: Json, name: string): string | null {
  if (value === null) return null;
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw fault(`${name}/verified_at`, 'a time as RFC 3339 writes it');
  return new Date(time).toISOString();
}

function fault(name: string, wanted: string) {
  return invalid({ field: 'operations', description: `${name} must be ${wanted}`, rule: 'patch.address' });
}
