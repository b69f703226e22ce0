/** The option of that name as a positive whole number. Throws where it is none. */
export function positive<K extends string>(values: Readonly<Record<K, string>>, name: K): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a positive whole number`);
  return value;
}
