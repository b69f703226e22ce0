import { readSettings } from '../config/config.js';
import type { Collection, Store } from '../storage/store.js';
import { storeOf } from '../stores.js';

const OPEN_MS = 15_000;

/** Runs an action on the store that the settings name, whether or not a service is using it. */
export async function withStore<T>(
  collections: readonly Collection<never>[],
  action: (store: Store) => Promise<T>,
): Promise<T> {
  // What the service and the gateway open does not matter here, so neither does whether they could.
  const store = await storeOf({ settings: readSettings(process.env) });
  try {
    await store.open(collections, { signal: AbortSignal.timeout(OPEN_MS) });
    return await action(store);
  } finally {
    await store.close();
  }
}
