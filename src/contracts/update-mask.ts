import { invalid } from '../domain/errors.js';

/**
 * The fields of a resource that a mask names; undefined where there is no mask, all of them for "*".
 * Those that the service assigns may be named, and are left out (AIP-203). Throws INVALID_INPUT for a path that
 * is no field.
 */
export function maskedFields(
  mask: readonly string[] | undefined,
  fields: readonly string[],
  assigned: readonly string[] = [],
): readonly string[] | undefined {
  if (mask === undefined) return undefined;
  const isAssigned = (path: string) => assigned.some((name) => path === name || path.startsWith(`${name}.`));
  // An empty path is what an empty mask in a query comes to.
  const unknown = mask.filter(
    (path) => path !== '' && path !== '*' && !fields.includes(path) && !isAssigned(path),
  );
  if (unknown.length > 0) {
    const description = `has no field ${unknown.join(', ')}`;
    throw invalid({ field: 'update_mask', description, rule: 'field_mask' });
  }
  return mask.includes('*') ? fields : fields.filter((name) => mask.includes(name));
}
