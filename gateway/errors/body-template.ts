/** A JSON value; strings that are variables (`$message`) stand for what they name. */
export type Template = null | boolean | number | string | Template[] | { [key: string]: Template };

/** What an error's body may name. A variable without a value is left out together with its key. */
export const bodyVariables = [
  '$message',
  '$code',
  '$http_status',
  '$status_text',
  '$text',
  '$reason',
  '$reason_lower',
  '$timestamp',
  '$violations',
  '$summary',
  '$request_id',
] as const;

/** What an element of $violations may name. */
export const violationVariables = ['$field', '$path', '$description', '$rule'] as const;

/** The variables in a template that are not among those known. */
export function unknownVariables(template: unknown, known: readonly string[]): string[] {
  if (typeof template === 'string')
    return /^\$[a-z_]+$/.test(template) && !known.includes(template) ? [template] : [];
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap((value) => unknownVariables(value, known));
}

/** Puts values in the place of a template's variables. */
export function fillTemplate(template: Template, values: Readonly<Record<string, unknown>>): unknown {
  if (typeof template === 'string') return Object.hasOwn(values, template) ? values[template] : template;
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillTemplate(value, values)]),
  );
}
