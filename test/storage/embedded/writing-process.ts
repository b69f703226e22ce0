import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { mutate } from '../../../src/storage/mutate.js';
import { at, things } from '../conformance/things.js';

// node writing-process.js <file> <name> <count>: inserts documents with two claims and counts up a shared one.
// After each acknowledged pair it prints the number, so that the parent knows what must be there.
const [path = '', name = '', count = '0'] = process.argv.slice(2);
const store = createEmbeddedStore({ path });
await store.open([things]);
for (let start = 0; start < Number(count); start += 10) {
  await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const id = `${name}-${start + i}`;
      await store.insert(things, at('t', id), { claims: [`first ${id}`, `second ${id}`], tokens: [name] });
      await mutate(store, things, at('t', 'shared'), (body) => ({ ...body, rank: (body.rank ?? 0) + 1 }));
      process.stdout.write(`${start + i}\n`);
    }),
  );
}
await store.close();
