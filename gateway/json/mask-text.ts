const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a path is names with dots between them. */
function isPath(path: string): boolean {
  return path.split('.').every((name) => NAME.test(name));
}

/** The paths that a FieldMask's JSON text stands for, in proto names; undefined where it is none. */
export function parseMask(text: string): string[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const paths = trimmed.split(',');
  if (paths.some((path) => path.includes('_') || !isPath(path))) return undefined;
  return paths.map(toSnake);
}

/** A mask's JSON text, or undefined where a path is not one or could not be read back. */
export function printMask(paths: readonly string[]): string | undefined {
  const camel = paths.map(toCamel);
  return paths.every((path, i) => isPath(path) && toSnake(camel[i]!) === path) ? camel.join(',') : undefined;
}

function toSnake(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toCamel(path: string): string {
  return path.replace(/_+([a-z])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
}
