import { assertContacts } from '../../domain/contact.js';
import { countryCode } from '../../domain/country.js';
import { invalid } from '../../domain/errors.js';
import type { IdentityChange, IdentityState as RecordState } from '../../domain/identity.js';
import { type Identity, IdentityState } from '../../gen/facet/v1/identity.js';
import { maskedFields } from '../update-mask.js';
import { identityTypeToRecord, propertiesToRecord } from './agents-view.js';
import { contactToInput } from './contact-change.js';

/** How a field of the message becomes one of the change; an unset one clears. */
const FIELDS: Record<string, (identity: Identity) => IdentityChange> = {
  given_name: (identity) => ({ givenName: identity.givenName || null }),
  middle_name: (identity) => ({ middleName: identity.middleName || null }),
  family_name: (identity) => ({ familyName: identity.familyName || null }),
  display_name: (identity) => ({ displayName: identity.displayName || null }),
  job_title: (identity) => ({ jobTitle: identity.jobTitle || null }),
  country_code: (identity) => ({
    countryCode: identity.countryCode ? countryCode(identity.countryCode, 'identity.country_code') : null,
  }),
  tags: (identity) => ({ tags: identity.tags }),
  state: (identity) => ({ state: stateOf(identity.state) }),
  external_id: (identity) => ({ externalId: identity.externalId ?? null }),
  properties: ({ properties }) => ({
    agents: { properties: propertiesToRecord(properties, 'identity.properties') },
  }),
  identifier_key: ({ identifierKey }) => ({ agents: { identifierKey: identifierKey ?? null } }),
  identity_type: ({ identityType }) => ({ agents: { identityType: identityTypeToRecord(identityType) } }),
  project_id: ({ projectId }) => ({ agents: { projectId: projectId ?? null } }),
};

/** Fields that an update does not write: in a mask or a body they are ignored (AIP-203). */
const ASSIGNED = ['id', 'linkedin', 'mailbox', 'etag', 'create_time', 'update_time'];

/** What a create asks for: every populated field, contacts included. */
export function createToChange(identity: Identity): IdentityChange {
  const newContacts = identity.contacts.map(contactToInput);
  assertContacts(newContacts, 'identity.contacts');
  return { ...identityToChange(identity, undefined), newContacts };
}

/**
 * What a message and its mask ask to change. No mask: every populated field. "*": every field there is.
 * Throws INVALID_INPUT for a path that is no field, and for contacts, which have methods of their own.
 */
export function identityToChange(identity: Identity, mask: readonly string[] | undefined): IdentityChange {
  const named = maskedFields(mask, Object.keys(FIELDS), ASSIGNED) ?? populated(identity);
  const changes = named.map((name) => FIELDS[name]!(identity));
  const agents = Object.assign({}, ...changes.map((change) => change.agents));
  return Object.assign({}, ...changes, { agents });
}

/** The fields that hold something; a list without items and an unspecified enum hold nothing. */
function populated(identity: Identity): string[] {
  return Object.keys(FIELDS).filter((name) => {
    const value =
      identity[name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as keyof Identity];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== 0;
  });
}

function stateOf(state: IdentityState): RecordState {
  if (state === IdentityState.ACTIVE) return 'active';
  if (state === IdentityState.INACTIVE) return 'inactive';
  throw invalid({ field: 'identity.state', description: 'must be ACTIVE or INACTIVE', rule: 'enum.in' });
}
