import type { Property } from '../../domain/agents.js';
import type { IdentityProperty } from '../../gen/facet/agents/v1/identities.js';
import { toProperties } from '../property-values.js';

/** Properties as the record has them. Throws INVALID_INPUT below `field`. */
export function propertiesToRecord(properties: readonly IdentityProperty[], field: string): Property[] {
  // The proto's rules have seen to key and type.
  return toProperties(properties, field, ({ key, type }) => ({ key: key!, type: type as Property['type'] }));
}

export function propertyToView({ key, type, value }: Property): IdentityProperty {
  return { key, type, value: JSON.parse(value) };
}
