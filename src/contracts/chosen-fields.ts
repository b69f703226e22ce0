import { maskedFields } from './update-mask.js';

/**
 * The fields that an update chooses, of those there are: the ones in its mask; without a mask, the ones that are set.
 * Throws INVALID_INPUT for a path that is no field.
 */
export function chosenFields(
  names: readonly string[],
  message: object,
  mask: readonly string[] | undefined,
): readonly string[] {
  const values = message as Readonly<Record<string, unknown>>;
  return maskedFields(mask, names) ?? names.filter((name) => values[camelCase(name)] !== undefined);
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
