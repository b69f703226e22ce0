import type { Document, Found } from '../../../src/storage/store.js';

/** What was found without its size, as insert, get and replace answer it. */
export function documentOf<B>({ tenant, id, revision, body }: Found<B>): Document<B> {
  return { tenant, id, revision, body };
}
