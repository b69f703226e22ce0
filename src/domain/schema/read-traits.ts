import { contactFault } from '../contact.js';
import type { Violation } from '../errors.js';
import type { TraitFacts } from '../traits.js';
import { isSchemaObject, type SchemaObject } from './identity-schema.js';
import { resolveReference } from './local-reference.js';
import { type Mark, type MarkedField, markOf } from './marks.js';

/** What the marks of a schema find in traits, and what of it cannot be what its mark says. */
export interface TraitReading {
  readonly facts: TraitFacts;
  /** By proto path, as in `traits["email"]`. */
  readonly violations: readonly Violation[];
}

const NAME_OF: Record<MarkedField, keyof TraitFacts['names']> = {
  given_name: 'givenName',
  middle_name: 'middleName',
  family_name: 'familyName',
  display_name: 'displayName',
  job_title: 'jobTitle',
};

type Draft = {
  -readonly [Name in 'identifiers' | 'verifiable' | 'recovery']: TraitFacts[Name][number][];
} & { names: Record<string, string>; violations: Violation[] };

/** Reads traits that are valid by the document. Only texts count; one that is blank is as good as none. */
export function readTraits(document: SchemaObject, traits: unknown): TraitReading {
  const draft: Draft = { identifiers: [], verifiable: [], recovery: [], names: {}, violations: [] };
  const walk = (schema: unknown, value: unknown, path: string): void => {
    if (!isSchemaObject(schema) || value === undefined) return;
    const mark = markOf(schema);
    if (mark !== undefined && typeof value === 'string') note(draft, mark, value.trim(), path);
    if (schema.$ref !== undefined) walk(resolveReference(document, schema.$ref), value, path);
    if (Array.isArray(schema.allOf)) for (const each of schema.allOf) walk(each, value, path);
    if (Array.isArray(value)) {
      value.forEach((item, at) => {
        walk(itemSchema(schema, at), item, `${path}[${at}]`);
      });
    } else if (isSchemaObject(value) && isSchemaObject(schema.properties)) {
      for (const [name, property] of Object.entries(schema.properties))
        if (Object.hasOwn(value, name)) walk(property, value[name], `${path}[${JSON.stringify(name)}]`);
    }
  };
  walk(resolveReference(document, '#/properties/traits'), traits, 'traits');
  const { violations, ...facts } = draft;
  return { facts, violations };
}

/** The schema of an item: by its place where the schema lists places, else the one for all. */
function itemSchema({ items, prefixItems }: SchemaObject, at: number): unknown {
  const places = Array.isArray(items) ? items : prefixItems;
  if (Array.isArray(places) && at < places.length) return places[at];
  return Array.isArray(items) ? undefined : items;
}

function note(draft: Draft, mark: Mark, text: string, path: string): void {
  if (text === '') return;
  const lower = text.normalize('NFC').toLowerCase();
  for (const credential of mark.identifies) add(draft.identifiers, { credential, value: lower });
  for (const [via, list] of [
    [mark.verified, draft.verifiable],
    [mark.recovers, draft.recovery],
  ] as const) {
    if (via === undefined) continue;
    const value = via === 'email' ? lower : text;
    const fault = contactFault({ key: via === 'email' ? 'email' : 'phone', value }, path);
    if (fault !== undefined) draft.violations.push(fault);
    else add(list, { value, via });
  }
  // The first of several with one meaning counts.
  if (mark.field !== undefined) draft.names[NAME_OF[mark.field]] ??= text;
}

function add<T>(list: T[], fact: T): void {
  const written = JSON.stringify(fact);
  if (!list.some((each) => JSON.stringify(each) === written)) list.push(fact);
}
