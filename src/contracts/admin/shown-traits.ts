import type { IdentityRecord } from '../../domain/identity.js';
import { nameParts } from '../../domain/names.js';

/**
 * The traits as this contract shows them. Derived: a record that this contract has not written to has its given and
 * family name where the built-in schema has them, and no e-mail, since an identifier is one identity's only.
 */
export function shownTraits(record: IdentityRecord): { [key: string]: unknown } {
  const own = record.traits !== '{}' || record.schemaId !== null || record.writtenBy.includes('admin');
  if (own) return JSON.parse(record.traits);
  const { given, family } = nameParts(record);
  if (!given && !family) return {};
  return { name: { ...(given && { first: given }), ...(family && { last: family }) } };
}
