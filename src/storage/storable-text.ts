import type { Key } from './store.js';

/** NUL, which SQLite and PostgreSQL cut a text at, and lone surrogates, which no UTF-8 can hold. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Whether every engine gives the text back as it was. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** Whether a document can be there: what cannot be stored need not be looked for. */
export function isStorableKey({ tenant, id }: Key): boolean {
  return isStorable(tenant) && isStorable(id);
}
