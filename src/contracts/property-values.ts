import { assertProperties, type Property } from '../domain/agents.js';
import { invalid, type Violation } from '../domain/errors.js';

/**
 * Properties as records have them: each value as JSON text. Throws INVALID_INPUT below `field` for values that are
 * null or lists, which no rule of a proto can tell, and for properties that take too much room.
 */
export function toProperties<P extends { readonly value?: unknown }>(
  properties: readonly P[],
  field: string,
  keyAndType: (property: P) => Pick<Property, 'key' | 'type'>,
): Property[] {
  const wrong = properties.flatMap(({ value }, at): Violation[] => {
    if (value !== null && value !== undefined && !Array.isArray(value)) return [];
    const description = 'must be a string, number, boolean or object';
    return [{ field: `${field}[${at}].value`, description, rule: 'value.kind' }];
  });
  if (wrong.length > 0) throw invalid(...wrong);
  const all = properties.map((each) => ({ ...keyAndType(each), value: JSON.stringify(each.value) }));
  assertProperties(all, field);
  return all;
}
