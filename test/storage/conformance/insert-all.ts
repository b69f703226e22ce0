import type { Store } from '../../../src/storage/store.js';
import { at, type Thing, things } from './things.js';

const AT_ONCE = 50;

/** Inserts `count` things, some at a time. */
export async function insertAll(
  store: Store,
  tenant: string,
  count: number,
  make: (i: number) => { readonly id: string; readonly body: Thing },
): Promise<void> {
  for (let start = 0; start < count; start += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, i) => make(start + i));
    await Promise.all(some.map(({ id, body }) => store.insert(things, at(tenant, id), body)));
  }
}
