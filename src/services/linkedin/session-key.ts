import type { Key } from '../../storage/store.js';

/** One text for one document, to look it up by in a map. */
export function keyName({ tenant, id }: Key): string {
  return `${tenant}/${id}`;
}
