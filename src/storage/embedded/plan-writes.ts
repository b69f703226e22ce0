import { ClaimTakenError } from '../errors.js';
import type { IndexedDocument } from '../indexed-document.js';
import type { Key } from '../store.js';

/** One write that waits for its transaction. */
export type Write =
  | { readonly kind: 'insert'; readonly key: Key; readonly document: IndexedDocument }
  | {
      readonly kind: 'replace';
      readonly key: Key;
      readonly revision: number;
      readonly document: IndexedDocument;
    }
  | { readonly kind: 'remove'; readonly key: Key; readonly revision: number | undefined };

/** How it ended: the new revision (0 after a removal), undefined where the document was not as expected. */
export type Outcome = { readonly revision: number | undefined } | { readonly error: ClaimTakenError };

/** What the file holds of a document, as far as writing goes. */
export interface Held {
  readonly revision: number;
  readonly claims: readonly string[];
  readonly tokens: readonly string[];
}

/** What a group of writes finds: the documents that it touches and the holders of the claims that it wants. */
export interface Found {
  readonly documents: ReadonlyMap<string, Held>;
  /** By tenant and claim, the id. */
  readonly holders: ReadonlyMap<string, string>;
}

export interface Upsert {
  readonly key: Key;
  readonly revision: number;
  readonly document: IndexedDocument;
}

type Entry = readonly [tenant: string, text: string, id: string];

/** The rows to change, old claims and tokens before new ones. */
export interface Plan {
  readonly outcomes: readonly Outcome[];
  readonly upserts: readonly Upsert[];
  readonly removed: readonly Key[];
  readonly claims: { readonly out: readonly Entry[]; readonly in: readonly Entry[] };
  readonly tokens: { readonly out: readonly Entry[]; readonly in: readonly Entry[] };
}

/** Names a key or a claim of a tenant; a tenant has no slash. */
export const inTenant = (tenant: string, text: string) => `${tenant}/${text}`;

interface Touched {
  readonly key: Key;
  readonly before: Held | undefined;
  now: (Held & { readonly document?: IndexedDocument }) | undefined;
}

/** Applies the writes one after the other to what was found, so that each sees what those before it did. */
export function planWrites(writes: readonly Write[], found: Found): Plan {
  const touched = new Map<string, Touched>();
  const holders = new Map(found.holders);

  function apply(write: Write): Outcome {
    const { key } = write;
    const name = inTenant(key.tenant, key.id);
    const before = found.documents.get(name);
    const entry: Touched = touched.get(name) ?? { key, before, now: before };
    const { now } = entry;
    if (write.kind === 'insert') {
      if (now !== undefined) return { error: new ClaimTakenError(undefined, key.id) };
    } else if (now === undefined || (write.revision !== undefined && write.revision !== now.revision)) {
      return { revision: undefined };
    }
    const claims = write.kind === 'remove' ? [] : write.document.claims;
    for (const claim of claims) {
      const holder = holders.get(inTenant(key.tenant, claim));
      if (holder !== undefined && holder !== key.id) return { error: new ClaimTakenError(claim, holder) };
    }
    for (const claim of now?.claims ?? []) holders.delete(inTenant(key.tenant, claim));
    for (const claim of claims) holders.set(inTenant(key.tenant, claim), key.id);
    touched.set(name, entry);
    if (write.kind === 'remove') {
      entry.now = undefined;
      return { revision: 0 };
    }
    const revision = (now?.revision ?? 0) + 1;
    entry.now = { revision, claims, tokens: write.document.tokens, document: write.document };
    return { revision };
  }

  const outcomes = writes.map(apply);
  return { outcomes, ...changesOf([...touched.values()]) };
}

function changesOf(touched: readonly Touched[]): Omit<Plan, 'outcomes'> {
  const upserts: Upsert[] = [];
  const removed: Key[] = [];
  const claims: { out: Entry[]; in: Entry[] } = { out: [], in: [] };
  const tokens: { out: Entry[]; in: Entry[] } = { out: [], in: [] };
  for (const { key, before, now } of touched) {
    if (now?.document !== undefined) upserts.push({ key, revision: now.revision, document: now.document });
    else if (before !== undefined) removed.push(key);
    const entry = (text: string): Entry => [key.tenant, text, key.id];
    for (const [lists, part] of [[claims, 'claims'] as const, [tokens, 'tokens'] as const]) {
      lists.out.push(...without(before?.[part], now?.[part]).map(entry));
      lists.in.push(...without(now?.[part], before?.[part]).map(entry));
    }
  }
  return { upserts, removed, claims, tokens };
}

function without(texts: readonly string[] = [], others: readonly string[] = []): string[] {
  const gone = new Set(others);
  return texts.filter((text) => !gone.has(text));
}
