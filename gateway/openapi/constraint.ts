import { type Constraint, keywordFor, matching } from './keywords.js';
import type { ValueRules } from './rules.js';
import { both, type JsonSchema } from './schema.js';

/** The JSON values that stand for a value written in a rule. */
export type Spell = (value: unknown) => unknown[];

// Rules that are said elsewhere, or that JSON cannot break.
const SILENT = new Set(['strict', 'finite', 'defined_only', 'items', 'keys', 'values']);
const BOUNDS = { gt: 'exclusiveMinimum', gte: 'minimum', lt: 'exclusiveMaximum', lte: 'maximum' };

/** Turns the rules of a value, of a list or of a map into keywords. */
export function constrain(rules: ValueRules, spell: Spell): Constraint {
  if (rules.ignore === 'always') return { keywords: {}, demands: [] };
  let keywords = bounds(rules);
  const demands: string[] = [];
  const add = (constraint: Constraint): void => {
    keywords = both(keywords, constraint.keywords);
    demands.push(...constraint.demands);
  };
  for (const [name, value] of rules.standard) {
    if (SILENT.has(name) || name in BOUNDS || value === false) continue;
    const found = values(name, value, spell);
    if (found !== undefined) add({ keywords: found, demands: [] });
    else add(keywordFor(rules.kind, name, value) ?? { keywords: {}, demands: [`${name}: ${value}`] });
  }
  for (const { value, demand, expressions } of rules.own) {
    if (value === false) continue;
    for (const expression of expressions) {
      const pattern = value === true ? matchedPattern(expression) : undefined;
      if (pattern !== undefined) add(matching(pattern));
    }
    demands.push(demand);
  }
  return { keywords, demands: [...demands, ...rules.demands] };
}

/** Only which values there are, not what they must be like. */
export function vocabulary(rules: ValueRules, spell: Spell): JsonSchema {
  let keywords: JsonSchema = {};
  for (const name of ['const', 'in']) {
    const value = rules.standard.get(name);
    if (value !== undefined) keywords = both(keywords, values(name, value, spell) ?? {});
  }
  return keywords;
}

/** Whether a scalar's schema refuses a value, as far as rules come to keywords. */
export function refuses(schema: JsonSchema, value: string | number | boolean): boolean {
  const parts = (schema.allOf ?? []) as JsonSchema[];
  const ways = schema.anyOf as JsonSchema[] | undefined;
  if (parts.some((part) => refuses(part, value)) || ways?.every((way) => refuses(way, value))) return true;
  if (schema.not !== undefined && !refuses(schema.not as JsonSchema, value)) return true;
  if ('const' in schema && schema.const !== value) return true;
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return true;
  return typeof value === 'string' ? refusesText(schema, value) : refusesNumber(schema, Number(value));
}

function refusesText({ minLength, pattern, format }: JsonSchema, text: string): boolean {
  const tooShort = text.length < ((minLength as number | undefined) ?? 0);
  return (
    tooShort ||
    format !== undefined ||
    (pattern !== undefined && !new RegExp(pattern as string, 'u').test(text))
  );
}

function refusesNumber(schema: JsonSchema, value: number): boolean {
  const bound = (keyword: string, none: number) => (schema[keyword] as number | undefined) ?? none;
  return (
    value < bound('minimum', value) ||
    value > bound('maximum', value) ||
    value <= bound('exclusiveMinimum', Number.NEGATIVE_INFINITY) ||
    value >= bound('exclusiveMaximum', Number.POSITIVE_INFINITY)
  );
}

function values(rule: string, value: unknown, spell: Spell): JsonSchema | undefined {
  const spelled = () => (Array.isArray(value) ? value : [value]).flatMap(spell);
  switch (rule) {
    case 'const': {
      const found = spelled();
      return found.length === 1 ? { const: found[0] } : { enum: found };
    }
    case 'in':
      return { enum: spelled() };
    case 'not_in':
      return { not: { enum: spelled() } };
    case 'example':
      return { examples: spelled() };
    default:
      return undefined;
  }
}

/** Bounds that exclude each other stand for all that is not between them. */
function bounds({ standard }: ValueRules): JsonSchema {
  const found = Object.entries(BOUNDS).filter(([rule]) => isNumber(standard.get(rule)));
  const keywords = found.map(([rule, keyword]) => ({ [keyword]: Number(standard.get(rule)) }));
  const [low, high] = ['g', 'l'].map((first) => found.find(([rule]) => rule.startsWith(first))?.[0]);
  const outside =
    low !== undefined && high !== undefined && Number(standard.get(low)) >= Number(standard.get(high));
  return outside ? { anyOf: keywords } : Object.assign({}, ...keywords);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The regular expression of a CEL rule that asks for nothing but a match. */
function matchedPattern(expression: string): string | undefined {
  const [, literal] =
    /^\s*!rule\s*\|\|\s*this\.matches\('((?:[^'\\]|\\[\\'])*)'\)\s*$/.exec(expression) ?? [];
  return literal?.replace(/\\(.)/g, '$1');
}
