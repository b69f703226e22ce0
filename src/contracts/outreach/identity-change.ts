import { invalid } from '../../domain/errors.js';
import type { IdentityChange } from '../../domain/identity.js';
import type { CreateIdentityRequest, UpdateIdentityRequest } from '../../gen/facet/outreach/v1/identities.js';
import { maskedFields } from '../update-mask.js';

/** What a create asks for. The proto's rules have seen to it that names and role are there. */
export function createToChange(request: CreateIdentityRequest): IdentityChange {
  return {
    givenName: request.firstName.trim(),
    familyName: request.lastName.trim(),
    jobTitle: request.role.trim() || request.jobTitle.trim(),
  };
}

/** What a PUT may change. */
const FIELDS = ['first_name', 'last_name', 'job_title'];

/** What a PUT asks for: the fields of the mask; without a mask, those that are given. */
export function updateToChange(request: UpdateIdentityRequest): IdentityChange {
  const named = maskedFields(request.updateMask, FIELDS);
  const given = (path: string, value: string | undefined) => {
    if (named === undefined) return value?.trim();
    if (!named.includes(path)) return undefined;
    if (value === undefined)
      throw invalid({ field: `identity.${path}`, description: 'must not be cleared', rule: 'required' });
    return value.trim();
  };
  return {
    givenName: given('first_name', request.identity?.firstName),
    familyName: given('last_name', request.identity?.lastName),
    jobTitle: given('job_title', request.identity?.jobTitle),
  };
}
