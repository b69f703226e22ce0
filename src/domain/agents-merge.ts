import type { AgentsRecord } from './agents.js';
import type { Joined } from './joined-field.js';

const NAMES = { identifierKey: 'identifier_key', projectId: 'project_id', identityType: 'identity_type' };

/** What agent platforms keep of two identities that become one; properties and links are joined. */
export function joinAgents(target: AgentsRecord, source: AgentsRecord): Joined<AgentsRecord> {
  // A key is one in its project, so the two come from one record.
  const keyed = hasKey(target) ? target : source;
  const of = new Map(target.properties.map((property) => [property.key, property]));
  const added = source.properties.filter(({ key }) => !of.has(key));
  const differ = source.properties.some(({ key, type, value }) => {
    const before = of.get(key);
    return before !== undefined && (before.type !== type || before.value !== value);
  });
  const fields = differing(target, source);
  if (differ) fields.push('properties');
  if (fields.length > 0) return { collides: 'differs', fields };
  return {
    value: {
      identifierKey: keyed.identifierKey,
      projectId: keyed.projectId,
      identityType: target.identityType ?? source.identityType,
      agentIds: [...new Set([...target.agentIds, ...source.agentIds])],
      blockIds: [...new Set([...target.blockIds, ...source.blockIds])],
      properties: [...target.properties, ...added],
    },
  };
}

function hasKey({ identifierKey, projectId }: AgentsRecord): boolean {
  return identifierKey !== null || projectId !== null;
}

function differing(target: AgentsRecord, source: AgentsRecord): string[] {
  const compared: (keyof typeof NAMES)[] = [];
  if (hasKey(target) && hasKey(source)) compared.push('identifierKey', 'projectId');
  if (target.identityType !== null && source.identityType !== null) compared.push('identityType');
  return compared.filter((name) => target[name] !== source[name]).map((name) => NAMES[name]);
}
