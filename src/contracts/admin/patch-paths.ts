import { invalid, type Violation } from '../../domain/errors.js';
import type { PatchOperation } from '../../domain/json-patch/apply-patch.js';
import { parsePointer } from '../../domain/json-patch/pointer.js';

/** The fields that a patch may read and write. */
export const PATCHED_FIELDS = [
  'schema_id',
  'state',
  'traits',
  'metadata_public',
  'metadata_admin',
  'organization_id',
  'external_id',
  'verifiable_addresses',
  'recovery_addresses',
] as const;

/** Fields that are the service's own, in lower case without underscores: both spellings of each. */
const PROTECTED = new Set(['id', 'schemaurl', 'statechangedat', 'credentials', 'createdat', 'updatedat']);

/**
 * Throws INVALID_INPUT where an operation, by its path or its source, is about a field that is the service's own, is
 * in one, or is above one; and where it is about no field at all.
 */
export function assertPatchable(operations: readonly PatchOperation[]): void {
  const violations = operations.flatMap(({ path, from }, at): Violation[] => [
    ...faults(path, `operations[${at}].path`),
    ...(from === undefined ? [] : faults(from, `operations[${at}].from`)),
  ]);
  if (violations.length > 0) throw invalid(...violations);
}

function faults(pointer: string, field: string): Violation[] {
  const [top] = parsePointer(pointer, field);
  if (top === undefined)
    return [
      {
        field,
        description: 'is all of the identity, of which parts cannot be changed',
        rule: 'patch.protected',
      },
    ];
  if (PROTECTED.has(top.toLowerCase().replaceAll('_', '')))
    return [{ field, description: 'is about what cannot be changed by a patch', rule: 'patch.protected' }];
  if (!PATCHED_FIELDS.some((name) => name === top))
    return [{ field, description: 'is in no field of an identity', rule: 'patch.unknown' }];
  return [];
}
