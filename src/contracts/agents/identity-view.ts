import { agentsId, shownKey, shownType } from '../../domain/agents.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { shownName } from '../../domain/names.js';
import type { Identity } from '../../gen/facet/agents/v1/identities.js';
import { propertyToView } from './property.js';

/**
 * The record as agent platforms see it. Derived: the key falls back to the id as it is written here, the type to
 * `user`, and the name is the display name, else the parts joined.
 */
export function recordToIdentity(record: IdentityRecord): Identity {
  const { agentIds, blockIds, projectId, properties } = record.agents;
  return {
    id: agentsId(record.id),
    agentIds: [...agentIds],
    blockIds: [...blockIds],
    identifierKey: shownKey(record),
    identityType: shownType(record),
    name: shownName(record),
    projectId: projectId ?? undefined,
    properties: properties.map(propertyToView),
    organizationId: record.tenant,
  };
}
