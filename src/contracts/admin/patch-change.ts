import { invalid } from '../../domain/errors.js';
import type { IdentityRecord, IdentityState } from '../../domain/identity.js';
import { applyPatch, type PatchOperation } from '../../domain/json-patch/apply-patch.js';
import { isObject, isSame, type Json, newWork } from '../../domain/json-patch/json.js';
import type { TraitsChange } from '../../services/traits/change.js';
import { schemaOf, textOf } from './identity-change.js';
import { recordToIdentity } from './identity-view.js';
import { PATCHED_FIELDS } from './patch-paths.js';
import { patchedAddresses } from './patched-addresses.js';

type Document = { [key: string]: Json };

/** The levels that free-form JSON may have, as at the entrances. */
const DEEPEST = 32;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What a patch makes of a record: the fields that are others than before. Throws INVALID_INPUT naming the operation,
 * or what it would make of a field. A field that comes out as it was is not written.
 */
export function patchToChange(record: IdentityRecord, operations: readonly PatchOperation[]): TraitsChange {
  const before = documentOf(record);
  const after = applyPatch(before, operations, { makesParents: ([top]) => !!top?.startsWith('metadata_') });
  const changes = PATCHED_FIELDS.filter((name) => !same(before, after as Document, name)).map((name) =>
    CHANGES[name]((after as Document)[name], record),
  );
  return Object.assign({}, ...changes);
}

/** The part of the view that can be patched, under the contract's names. What is unset is null, or left out. */
function documentOf(record: IdentityRecord): Document {
  const view = recordToIdentity(record, 'none');
  const document = {
    schema_id: view.schemaId,
    state: view.state,
    traits: view.traits,
    metadata_public: view.metadataPublic ?? null,
    metadata_admin: view.metadataAdmin ?? null,
    organization_id: view.organizationId ?? null,
    ...(view.externalId !== undefined && { external_id: view.externalId }),
    verifiable_addresses: record.verifiableAddresses.map(
      ({ createTime: created_at, updateTime: updated_at, verifiedAt, ...address }) => ({
        ...address,
        ...(verifiedAt !== null && { verified_at: verifiedAt }),
        created_at,
        updated_at,
      }),
    ),
    recovery_addresses: record.recoveryAddresses.map(
      ({ id, value, via, createTime: created_at, updateTime: updated_at }) => ({
        id,
        value,
        via,
        created_at,
        updated_at,
      }),
    ),
  };
  return document as unknown as Document;
}

function same(before: Document, after: Document, name: string): boolean {
  if (Object.hasOwn(before, name) !== Object.hasOwn(after, name)) return false;
  return !Object.hasOwn(before, name) || isSame(before[name]!, after[name]!, newWork(), 'operations');
}

/** How a field of the document becomes one of the change; undefined is a field that was removed. */
const CHANGES: Record<
  (typeof PATCHED_FIELDS)[number],
  (value: Json | undefined, record: IdentityRecord) => TraitsChange
> = {
  schema_id: (value) => {
    if (typeof value !== 'string' || value === '') throw fault('schema_id', 'a text that is not empty');
    return { schemaId: schemaOf(value)! };
  },
  state: (value) => {
    if (value !== 'active' && value !== 'inactive') throw fault('state', 'active or inactive');
    return { state: value as IdentityState };
  },
  traits: (value) => {
    if (!isObject(value)) throw fault('traits', 'an object');
    return { traits: shallow(value, 'traits') as object };
  },
  metadata_public: (value) => ({ metadataPublic: textOf(shallow(value, 'metadata_public')) }),
  metadata_admin: (value) => ({ metadataAdmin: textOf(shallow(value, 'metadata_admin')) }),
  organization_id: (value) => {
    if (value === undefined || value === null) return { organizationId: null };
    if (typeof value !== 'string' || !UUID.test(value)) throw fault('organization_id', 'a UUID or null');
    return { organizationId: value.toLowerCase() };
  },
  external_id: (value) => {
    if (value === undefined || value === null || value === '') return { externalId: null };
    if (typeof value !== 'string' || value.length > 255)
      throw fault('external_id', 'a text of up to 255 characters');
    return { externalId: value };
  },
  verifiable_addresses: (value, record) => {
    const { kept, known } = patchedAddresses(value, record.verifiableAddresses, 'verifiable_addresses');
    return { verifiableAddresses: kept, knownVerifiable: known };
  },
  recovery_addresses: (value, record) => {
    const { kept } = patchedAddresses(value, record.recoveryAddresses, 'recovery_addresses');
    return { recoveryAddresses: kept };
  },
};

function shallow(value: Json | undefined, name: string): Json | undefined {
  const deeper = (part: Json, level: number): boolean =>
    typeof part === 'object' &&
    part !== null &&
    (level > DEEPEST || Object.values(part).some((inner) => deeper(inner, level + 1)));
  if (value !== undefined && deeper(value, 1)) throw fault(name, `at most ${DEEPEST} levels deep`);
  return value;
}

function fault(name: string, wanted: string) {
  return invalid({ field: 'operations', description: `${name} must be ${wanted}`, rule: `patch.${name}` });
}
