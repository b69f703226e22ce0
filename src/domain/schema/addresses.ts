import type { AddressRecord } from '../address.js';
import type { TraitAddress } from '../traits.js';

/** What a caller tells of an address. Times are RFC 3339. */
export interface KnownAddress {
  readonly value: string;
  readonly via: string;
  readonly verified: boolean;
  readonly status: string | undefined;
  readonly verifiedAt: string | null;
}

/**
 * The records of the addresses that traits have: those that are there stay as they are, new ones begin unverified,
 * and what a caller tells of one counts. An address that the traits do not have is dropped, whoever tells of it.
 */
export function addressRecords(
  marked: readonly TraitAddress[],
  before: readonly AddressRecord[],
  known: readonly KnownAddress[],
  by: { readonly now: string; readonly newId: () => string },
): AddressRecord[] {
  return marked.map(({ value, via }) => {
    const same = (other: { value: string; via: string }) =>
      other.via === via && comparable(other.value) === comparable(value);
    const kept = before.find(same) ?? begun(value, via, by);
    const told = known.find(same);
    return told === undefined ? kept : toldOf(kept, told, by.now);
  });
}

function begun(
  value: string,
  via: string,
  { now, newId }: { now: string; newId: () => string },
): AddressRecord {
  const times = { verifiedAt: null, createTime: now, updateTime: now };
  return { id: newId(), value, via, verified: false, status: 'pending', ...times };
}

function toldOf(address: AddressRecord, told: KnownAddress, now: string): AddressRecord {
  const { verified } = told;
  const changed = {
    ...address,
    verified,
    status: told.status ?? (verified ? 'completed' : 'pending'),
    verifiedAt: verified ? (told.verifiedAt ?? address.verifiedAt ?? now) : null,
  };
  const same = JSON.stringify(changed) === JSON.stringify(address);
  return same ? address : { ...changed, updateTime: now };
}

function comparable(value: string): string {
  return value.trim().toLowerCase();
}
