import { invalid } from './errors.js';
import { fold } from './fold.js';

/** A test on one indexed field; the shape is that of a storage condition. */
export type FilterCondition =
  | { readonly field: string; readonly equals: string | boolean }
  | { readonly token: string }
  | { readonly field: string; readonly contains: string }
  | { readonly field: string; readonly gte: string }
  | { readonly field: string; readonly lt: string };

// Maps, since the names come from the caller and `__proto__` is in every object.
const FOLDED = new Map([
  ['name', 'name'],
  ['given_name', 'givenName'],
  ['middle_name', 'middleName'],
  ['family_name', 'familyName'],
  ['job_title', 'jobTitle'],
]);
const STATES = new Map([
  ['ACTIVE', 'active'],
  ['INACTIVE', 'inactive'],
]);
const TERM = /\s*([a-z_]+)\s*(>=|=|:|<)\s*("(?:[^"\\]|\\.)*"|[^\s"]+)\s*/y;

/**
 * Reads a filter of ListIdentities: AIP-160 comparisons joined by AND.
 * Throws INVALID_INPUT that says which part cannot be read.
 */
export function parseIdentityFilter(filter: string): FilterCondition[] {
  if (filter.trim() === '') return [];
  const conditions: FilterCondition[] = [];
  let at = 0;
  for (;;) {
    TERM.lastIndex = at;
    const match = TERM.exec(filter);
    if (match === null)
      throw fault(`cannot be read from "${filter.slice(at, at + 40)}": write field = "value"`);
    conditions.push(condition(match[1]!, match[2]!, unquoted(match[3]!)));
    at = TERM.lastIndex;
    if (at === filter.length) return conditions;
    if (!/^AND\s/.test(filter.slice(at, at + 4)))
      throw fault(`needs AND before "${filter.slice(at, at + 40)}"`);
    at += 'AND'.length;
  }
}

function condition(name: string, operator: string, value: string): FilterCondition {
  const folded = FOLDED.get(name);
  if (folded !== undefined) {
    if (operator === '=') return { field: folded, equals: fold(value) };
    if (operator === ':') return { field: folded, contains: fold(value) };
  } else if (name === 'country_code' && operator === '=') {
    return { field: 'countryCode', equals: value.toUpperCase() };
  } else if (name === 'state' && operator === '=') {
    const state = STATES.get(value.toUpperCase());
    if (state === undefined) throw fault('state is ACTIVE or INACTIVE');
    return { field: 'state', equals: state };
  } else if (name === 'update_time') {
    return timeCondition(operator, value);
  } else if (!['country_code', 'state'].includes(name)) {
    throw fault(`has no field "${name}"`);
  }
  throw fault(`cannot use ${operator} on ${name}`);
}

function timeCondition(operator: string, value: string): FilterCondition {
  const text = readTime(value)?.toISOString();
  if (text === undefined) throw fault('update_time is compared with an RFC 3339 time');
  if (operator === '=') return { field: 'updateTime', equals: text };
  if (operator === '>=') return { field: 'updateTime', gte: text };
  if (operator === '<') return { field: 'updateTime', lt: text };
  throw fault(`cannot use ${operator} on update_time`);
}

/** An RFC 3339 time; undefined where it is none. Date alone takes the 31st of February for the 2nd of March. */
function readTime(text: string): Date | undefined {
  const [, day] = /^(\d{4}-\d\d-\d\d)T(?!24)\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const [time, midnight] = [new Date(text), new Date(`${day}T00:00:00Z`)];
  if (Number.isNaN(time.getTime()) || Number.isNaN(midnight.getTime())) return undefined;
  return midnight.toISOString().startsWith(`${day}T`) ? time : undefined;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

function fault(description: string) {
  return invalid({ field: 'filter', description, rule: 'filter' });
}
