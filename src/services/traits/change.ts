import { invalid, type Violation } from '../../domain/errors.js';
import type { IdentityChange, IdentityRecord } from '../../domain/identity.js';
import { addressRecords, type KnownAddress } from '../../domain/schema/addresses.js';
import { DEFAULT_SCHEMA_ID } from '../../domain/schema/identity-schema.js';
import type { TraitsCheck } from '../schema/traits-check.js';

/** What a caller wants of traits and what goes with them. Undefined keeps. */
export interface TraitsChange extends Omit<IdentityChange, 'traits' | 'traitFacts'> {
  /** Null stands for `default`. */
  readonly schemaId?: string | null | undefined;
  /** A JSON object. */
  readonly traits?: object | undefined;
  /** What is told of addresses to verify, of those that the traits have. */
  readonly knownVerifiable?: readonly KnownAddress[] | undefined;
  readonly knownRecovery?: readonly KnownAddress[] | undefined;
}

const MOST_TRAITS_BYTES = 64 * 1024;
const MOST_METADATA_BYTES = 256 * 1024;

/** The schema that traits must follow after a change; undefined where it writes neither traits nor schema. */
export function neededSchema(record: Partial<IdentityRecord>, change: TraitsChange): string | undefined {
  if (change.traits === undefined && change.schemaId === undefined) return undefined;
  const id = change.schemaId === undefined ? record.schemaId : change.schemaId;
  return id ?? DEFAULT_SCHEMA_ID;
}

/** What is known of the record that a change is for; of one to be made, nothing. */
type Before = Partial<
  Pick<IdentityRecord, 'traits' | 'traitFacts' | 'verifiableAddresses' | 'recoveryAddresses'>
>;

/**
 * The change of a record that a change of traits comes to, once the schema lets it through. Throws INVALID_INPUT
 * that names the traits at fault by paths below `traits`.
 *
 * @param check by the schema that `neededSchema` names; undefined where it names none
 */
export function checkedChange(
  before: Before,
  change: TraitsChange,
  check: TraitsCheck | undefined,
  by: { readonly now: string; readonly newId: () => string },
): IdentityChange {
  const { traits, knownVerifiable, knownRecovery, ...rest } = change;
  assertSizes(change);
  const text = traits === undefined ? (before.traits ?? '{}') : JSON.stringify(traits);
  const verdict = check?.(traits ?? JSON.parse(text), text);
  if (verdict !== undefined && verdict.violations.length > 0) throw invalid(...verdict.violations);
  const facts = verdict?.facts ?? before.traitFacts;
  if (facts === undefined) return rest;
  const { verifiableAddresses = [], recoveryAddresses = [] } = { ...before, ...given(change) };
  return {
    ...rest,
    ...(verdict && { traits: text, traitFacts: facts }),
    verifiableAddresses: addressRecords(facts.verifiable, verifiableAddresses, knownVerifiable ?? [], by),
    recoveryAddresses: addressRecords(facts.recovery, recoveryAddresses, knownRecovery ?? [], by),
  };
}

function given({ verifiableAddresses, recoveryAddresses }: TraitsChange) {
  return {
    ...(verifiableAddresses && { verifiableAddresses }),
    ...(recoveryAddresses && { recoveryAddresses }),
  };
}

function assertSizes({ traits, metadataPublic, metadataAdmin }: TraitsChange): void {
  const sizes = [
    ['traits', traits === undefined ? undefined : JSON.stringify(traits), MOST_TRAITS_BYTES],
    ['metadata_public', metadataPublic, MOST_METADATA_BYTES],
    ['metadata_admin', metadataAdmin, MOST_METADATA_BYTES],
  ] as const;
  const violations = sizes.flatMap(([field, text, most]): Violation[] => {
    if (text === undefined || text === null || Buffer.byteLength(text) <= most) return [];
    return [{ field, description: `must be at most ${most} bytes of JSON`, rule: 'json.size' }];
  });
  if (violations.length > 0) throw invalid(...violations);
}
