import { fold } from '../../domain/fold.js';
import type { FilterCondition } from '../../domain/identity-filter.js';
import { identifierKeyToken } from '../../domain/identity-index.js';
import type { ListIdentitiesRequest } from '../../gen/facet/agents/v1/identities.js';

/** The filters of a list, by what is shown; an empty one is none. */
export function listConditions(request: ListIdentitiesRequest): FilterCondition[] {
  const { name, projectId, identifierKey, identityType } = request;
  const conditions: FilterCondition[] = [];
  if (name !== '') conditions.push({ field: 'shownName', contains: fold(name) });
  if (projectId !== '') conditions.push({ field: 'projectId', equals: projectId });
  if (identifierKey !== '') conditions.push({ token: identifierKeyToken(identifierKey) });
  if (identityType !== undefined) conditions.push({ field: 'identityType', equals: identityType });
  return conditions;
}
