import { suite, type Test } from 'uvu';
import { startTestApp, type TestApp, type TestAppOptions } from './app.js';
import { type Rest, restAs } from './rest.js';
import { availableStores, type StoreKind, type TestStore } from './stores.js';

/** What a test of a whole Facet has at hand. */
export interface AppContext {
  readonly app: TestApp;
  /** Calls with a key of the tenant `acme`, all scopes. */
  readonly acme: Rest;
  /** Calls with a key of another tenant. */
  readonly other: Rest;
}

/** Defines and runs a suite on a whole Facet with each store, or with these, named "name [store]". */
export function forEachApp(
  name: string,
  options: TestAppOptions,
  define: (test: Test, context: () => AppContext) => void,
  kinds: readonly StoreKind[] = availableStores(),
): void {
  for (const kind of kinds) {
    let made: TestStore;
    let context: AppContext;
    const test = suite(`${name} [${kind.name}]`);
    test.before(async () => {
      made = await kind.make();
      const app = await startTestApp(made.store, options);
      context = {
        app,
        acme: restAs(app.rest, await app.key('acme')),
        other: restAs(app.rest, await app.key('other')),
      };
    });
    test.after(async () => {
      await context?.app.close();
      await made?.close();
    });
    define(test, () => context);
    test.run();
  }
}
