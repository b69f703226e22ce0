import type { Property as RecordProperty, IdentityType as RecordType } from '../../domain/agents.js';
import { IdentityType, type Property, PropertyType } from '../../gen/facet/v1/identity.js';
import { toProperties } from '../property-values.js';

const TYPES: Record<RecordType, IdentityType> = {
  org: IdentityType.ORG,
  user: IdentityType.USER,
  other: IdentityType.OTHER,
};

const PROPERTY_TYPES: Record<RecordProperty['type'], PropertyType> = {
  string: PropertyType.STRING,
  number: PropertyType.NUMBER,
  boolean: PropertyType.BOOLEAN,
  json: PropertyType.JSON,
};

export function identityTypeToView(type: RecordType | null): IdentityType {
  return type === null ? IdentityType.UNSPECIFIED : TYPES[type];
}

/** The type as the record has it; null for none. The proto's rules have refused any other. */
export function identityTypeToRecord(type: IdentityType): RecordType | null {
  return keyOf(TYPES, type) ?? null;
}

export function propertyToView({ key, type, value }: RecordProperty): Property {
  return { key, type: PROPERTY_TYPES[type], value: JSON.parse(value) };
}

/** Properties as the record has them. Throws INVALID_INPUT below `field`. */
export function propertiesToRecord(properties: readonly Property[], field: string): RecordProperty[] {
  // The proto's rules have seen to the type.
  return toProperties(properties, field, ({ key, type }) => ({ key, type: keyOf(PROPERTY_TYPES, type)! }));
}

function keyOf<K extends string, V>(members: Readonly<Record<K, V>>, value: V): K | undefined {
  return (Object.keys(members) as K[]).find((key) => members[key] === value);
}
