/** One segment of a path: text to be met as it is, or one (`*`) or any number (`**`) of segments. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' };

/** A request field that the path fills, from segment `start` up to but not including `end`. */
export interface Variable {
  readonly field: string;
  readonly start: number;
  readonly end: number;
}

/** A path template of google.api.http, its variables flattened into one row of segments. */
export interface Template {
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly variables: readonly Variable[];
  /** The custom verb after the last colon, without it; empty where there is none. */
  readonly verb: string;
}

const identifier = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const literal = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+$/;

/**
 * Parses a path template by the grammar in google/api/http.proto.
 * Throws an Error that says what is wrong with it.
 */
export function parseTemplate(text: string): Template {
  if (!text.startsWith('/')) throw new Error('it does not begin with /');
  const { path, verb } = splitVerb(text.slice(1));
  const segments: Segment[] = [];
  const variables: Variable[] = [];
  for (const part of splitSegments(path)) {
    if (!part.startsWith('{')) {
      segments.push(parseSegment(part));
      continue;
    }
    const [field, pattern] = parseVariable(part);
    const start = segments.length;
    segments.push(...pattern.split('/').map(parseSegment));
    if (variables.some((variable) => variable.field === field)) throw new Error(`it binds ${field} twice`);
    variables.push({ field, start, end: segments.length });
  }
  if (segments.filter((segment) => segment.kind === 'many').length > 1) throw new Error('it has ** twice');
  return { text, segments, variables, verb };
}

/** The template's shape: two templates of one shape match the same paths. */
export function shape(template: Template): string {
  const parts = template.segments.map((segment) =>
    segment.kind === 'literal' ? `=${segment.text}` : segment.kind === 'one' ? '*' : '**',
  );
  return `${parts.join('/')}:${template.verb}`;
}

// After a variable all that follows the colon is the verb; elsewhere the last colon of the last segment begins it.
function splitVerb(path: string): { path: string; verb: string } {
  const from = Math.max(path.lastIndexOf('}'), path.lastIndexOf('/')) + 1;
  const colon = path[from - 1] === '}' ? path.indexOf(':', from) : path.lastIndexOf(':');
  if (colon < from) return { path, verb: '' };
  const verb = path.slice(colon + 1);
  if (verb === '' || !literal.test(verb)) throw new Error('its verb is empty or malformed');
  return { path: path.slice(0, colon), verb };
}

function splitSegments(path: string): string[] {
  if (path === '') return [];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= path.length; at++) {
    const char = path[at];
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (depth < 0 || depth > 1) throw new Error('its braces are nested or do not pair');
    if (char === undefined || (char === '/' && depth === 0)) {
      parts.push(path.slice(start, at));
      start = at + 1;
    }
  }
  if (depth !== 0) throw new Error('its braces do not pair');
  return parts;
}

function parseVariable(part: string): [field: string, pattern: string] {
  if (!part.endsWith('}')) throw new Error(`${part} mixes a variable with other text`);
  const inner = part.slice(1, -1);
  const equals = inner.indexOf('=');
  const field = equals < 0 ? inner : inner.slice(0, equals);
  if (!identifier.test(field)) throw new Error(`"${field}" is no field path`);
  return [field, equals < 0 ? '*' : inner.slice(equals + 1)];
}

function parseSegment(text: string): Segment {
  if (text === '*') return { kind: 'one' };
  if (text === '**') return { kind: 'many' };
  if (!literal.test(text))
    throw new Error(text === '' ? 'it has an empty segment' : `the segment "${text}" is malformed`);
  return { kind: 'literal', text: decodeURIComponent(text) };
}
