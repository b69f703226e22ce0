import { invalid } from './errors.js';

export const IDENTITY_TYPES = ['org', 'user', 'other'] as const;
export type IdentityType = (typeof IDENTITY_TYPES)[number];

export const PROPERTY_TYPES = ['string', 'number', 'boolean', 'json'] as const;

/** A property of an identity. */
export interface Property {
  readonly key: string;
  /** What the value is said to be; nothing holds it against the value. */
  readonly type: (typeof PROPERTY_TYPES)[number];
  /** A string, number, boolean or object as JSON text, so that no store reads anything into it. */
  readonly value: string;
}

/** What agent platforms keep of an identity, part of its record. A field that is not set is null. */
export interface AgentsRecord {
  /** The caller's own key, unique in the tenant and project; no project counts as one. */
  readonly identifierKey: string | null;
  readonly identityType: IdentityType | null;
  readonly projectId: string | null;
  /** Links that mean nothing here, in the order they came, each once. */
  readonly agentIds: readonly string[];
  readonly blockIds: readonly string[];
  readonly properties: readonly Property[];
}

/** What a caller may change. Undefined keeps, null clears, a list replaces. */
export type AgentsChange = {
  readonly [Name in keyof AgentsRecord]?: AgentsRecord[Name] | undefined;
} & {
  /** Properties to put in the place of those with the same key, or at the end. */
  readonly mergedProperties?: readonly Property[] | undefined;
};

/** What a record has that no agent platform wrote to. */
export const NO_AGENTS: AgentsRecord = {
  identifierKey: null,
  identityType: null,
  projectId: null,
  agentIds: [],
  blockIds: [],
  properties: [],
};

/** The properties of a record, as JSON. */
const MOST_PROPERTIES_BYTES = 512 * 1024;

/** The part with the change applied. Throws INVALID_INPUT where merged properties grow too large. */
export function changeAgents(record: AgentsRecord, change: AgentsChange = {}): AgentsRecord {
  const { mergedProperties = [], agentIds, blockIds, properties, ...fields } = change;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    ...record,
    ...Object.fromEntries(given),
    agentIds: agentIds === undefined ? record.agentIds : [...new Set(agentIds)],
    blockIds: blockIds === undefined ? record.blockIds : [...new Set(blockIds)],
    properties: mergeProperties(properties ?? record.properties, mergedProperties),
  };
}

/** Throws INVALID_INPUT at `field` for properties that take too much room. */
export function assertProperties(properties: readonly Property[], field: string): void {
  if (Buffer.byteLength(JSON.stringify(properties)) <= MOST_PROPERTIES_BYTES) return;
  const description = `must be at most ${MOST_PROPERTIES_BYTES} bytes of JSON in all`;
  throw invalid({ field, description, rule: 'properties.size' });
}

/** Of one key the last property counts, in the place of the first; no new ones change nothing. */
function mergeProperties(properties: readonly Property[], merged: readonly Property[]): readonly Property[] {
  if (merged.length === 0) return properties;
  const byKey = new Map([...properties, ...merged].map((property) => [property.key, property]));
  const all = [...byKey.values()];
  assertProperties(all, 'identity.properties');
  return all;
}

/** The key that an identity is shown and claimed by: its own, else its id as agent platforms write it. */
export function shownKey(record: { readonly id: string; readonly agents: AgentsRecord }): string {
  return record.agents.identifierKey ?? agentsId(record.id);
}

/** The type that is shown: an identity that no agent platform wrote to is a user. */
export function shownType({ agents }: { readonly agents: AgentsRecord }): IdentityType {
  return agents.identityType ?? 'user';
}

const ID_PREFIX = 'identity-';

/** An id as agent platforms write it, `identity-<uuid>`. */
export function agentsId(id: string): string {
  return ID_PREFIX + id;
}

/** The record's id in one that agent platforms wrote; any other text as it is. */
export function plainId(text: string): string {
  return text.startsWith(ID_PREFIX) ? text.slice(ID_PREFIX.length) : text;
}
