import { invalid } from './errors.js';

/** An order of identities: the indexed field, or 'id' for the order in which they were made. */
export interface IdentityOrder {
  readonly field: string;
  readonly descending: boolean;
}

export const NEWEST_FIRST: IdentityOrder = { field: 'id', descending: true };

const FIELDS: Record<string, string> = {
  create_time: 'id',
  update_time: 'updateTime',
  name: 'name',
  given_name: 'givenName',
  middle_name: 'middleName',
  family_name: 'familyName',
  job_title: 'jobTitle',
  country_code: 'countryCode',
};

/** Reads order_by of ListIdentities (AIP-132), as in "family_name desc". Empty: newest first. */
export function parseIdentityOrder(orderBy: string): IdentityOrder {
  const [name, direction, ...rest] = orderBy.trim().split(/\s+/);
  if (!name) return NEWEST_FIRST;
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (
    field === undefined ||
    rest.length > 0 ||
    (direction !== undefined && !['asc', 'desc'].includes(direction))
  ) {
    const description = `must be one of ${Object.keys(FIELDS).join(', ')}, optionally followed by asc or desc`;
    throw invalid({ field: 'order_by', description, rule: 'order_by' });
  }
  return { field, descending: direction === 'desc' };
}
