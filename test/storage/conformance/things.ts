import { randomUUID } from 'node:crypto';
import type { Collection, FieldValue, Key } from '../../../src/storage/store.js';

/** The document of the conformance suite: it says itself what is indexed of it. */
export interface Thing {
  readonly claims?: readonly string[];
  readonly tokens?: readonly string[];
  readonly name?: string | null;
  readonly rank?: number | null;
  readonly on?: boolean | null;
  readonly note?: unknown;
}

let unclaimed = 0;

/** A thing without claims gets one that nobody else has. */
export const things: Collection<Thing> = {
  name: 'things',
  fields: { name: 'text', rank: 'number', on: 'boolean' },
  everyTenant: ['rank'],
  index: (thing) => ({
    claims: thing.claims ?? [`unclaimed ${unclaimed++}`],
    tokens: thing.tokens ?? [],
    fields: { name: thing.name ?? null, rank: thing.rank ?? null, on: thing.on ?? null } satisfies Record<
      string,
      FieldValue
    >,
  }),
};

/** A tenant of its own for each test, so that none sees another's documents. */
export const newTenant = () => `t-${randomUUID()}`;

export const at = (tenant: string, id: string): Key => ({ tenant, id });
