import type { IdentityState } from '../../domain/identity.js';
import type { KnownAddress } from '../../domain/schema/addresses.js';
import { DEFAULT_SCHEMA_ID } from '../../domain/schema/identity-schema.js';
import type {
  AddressImport,
  CreateIdentityRequest,
  IdentityReplacement,
  UpdateIdentityRequest,
} from '../../gen/facet/admin/v1/identities.js';
import type { TraitsChange } from '../../services/traits/change.js';

/** What a create asks for, but for the credentials. What is not given is not touched where it completes a record. */
export function createToChange(request: CreateIdentityRequest): TraitsChange {
  return {
    ...common(request),
    schemaId: schemaOf(request.schemaId) ?? null,
    metadataPublic: textOf(request.metadataPublic) ?? undefined,
    metadataAdmin: textOf(request.metadataAdmin) ?? undefined,
    externalId: request.externalId || undefined,
    organizationId: request.organizationId?.toLowerCase(),
  };
}

/** What a replacement asks for, but for the credentials. */
export function updateToChange({ identity, updateMask }: UpdateIdentityRequest): TraitsChange {
  const replacement = identity!;
  const organization = replacement.organizationId?.toLowerCase();
  return {
    ...common(replacement),
    schemaId: schemaOf(replacement.schemaId),
    metadataPublic: textOf(replacement.metadataPublic),
    metadataAdmin: textOf(replacement.metadataAdmin),
    externalId: replacement.externalId || null,
    organizationId: organization ?? (updateMask?.includes('organization_id') ? null : undefined),
  };
}

type Common = Pick<IdentityReplacement, 'traits' | 'state' | 'verifiableAddresses' | 'recoveryAddresses'>;

function common(message: Common): TraitsChange {
  return {
    traits: message.traits,
    state: message.state as IdentityState | undefined,
    knownVerifiable: message.verifiableAddresses.map(toKnown),
    knownRecovery: message.recoveryAddresses.map(toKnown),
  };
}

/** The schema as the record has it; undefined where none is named. */
export function schemaOf(id: string): string | null | undefined {
  if (id === '') return undefined;
  return id === DEFAULT_SCHEMA_ID ? null : id;
}

/** Free-form JSON as it is stored; null where it is unset or null. */
export function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function toKnown({ value, via, verified, status, verifiedAt }: AddressImport): KnownAddress {
  return { value, via, verified, status, verifiedAt: verifiedAt?.toISOString() ?? null };
}
