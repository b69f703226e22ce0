import { invalid } from '../../domain/errors.js';
import { fold } from '../../domain/fold.js';
import type { FilterCondition } from '../../domain/identity-filter.js';
import { uuidClaim } from '../../domain/identity-index.js';
import type { IdentityOrder } from '../../domain/identity-order.js';
import type { ListProfilesRequest } from '../../gen/facet/profiles/v1/profiles.js';

/** By what the index has, in the words of `sort_by`; profiles are made in the order of their ids. */
const ORDERS: Record<string, string> = {
  createTime: 'id',
  enabled: 'enabled',
  firstName: 'givenName',
  lastName: 'familyName',
  middleName: 'middleName',
  name: 'name',
  profileId: 'id',
  updateTime: 'updateTime',
};

const ENABLED = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

const folded = (field: string) => (value: string) => ({ field, equals: fold(value) });

/** The document lists the names with a prefix, and its example is without. */
const FILTERS: Record<string, (value: string) => FilterCondition> = {
  enabled: enabledCondition,
  profileFirstName: folded('givenName'),
  firstName: folded('givenName'),
  profileMiddleName: folded('middleName'),
  middleName: folded('middleName'),
  profileLastName: folded('familyName'),
  lastName: folded('familyName'),
  name: folded('name'),
  uuid: (value) => ({ token: uuidClaim(value) }),
};

/** The order that is asked for; newest first where none is. The proto's rules have seen to the names. */
export function profileOrder({
  sortBy = 'createTime',
  sortOrder = 'desc',
}: ListProfilesRequest): IdentityOrder {
  return { field: ORDERS[sortBy]!, descending: sortOrder === 'desc' };
}

/** The filters, of which all must hold. Throws INVALID_INPUT for an `enabled` that is neither true nor false. */
export function profileConditions({ filter }: ListProfilesRequest): FilterCondition[] {
  return Object.entries(filter).map(([name, value]) => FILTERS[name]!(value));
}

function enabledCondition(value: string): FilterCondition {
  const equals = ENABLED.get(value);
  if (equals !== undefined) return { field: 'enabled', equals };
  throw invalid({ field: 'filter["enabled"]', description: 'must be 1, 0, true or false', rule: 'bool' });
}
