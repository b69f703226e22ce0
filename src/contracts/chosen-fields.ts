/** The fields that an update chooses, of those there are: the ones in its mask; without a mask, the ones that are set. */
export function chosenFields(
  names: readonly string[],
  message: object,
  mask: readonly string[] | undefined,
): string[] {
  const values = message as Readonly<Record<string, unknown>>;
  return names.filter((name) => mask?.includes(name) ?? values[camelCase(name)] !== undefined);
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
