import { join } from 'node:path';
import { ConfigError } from './config/config-error.js';
import type { Settings } from './config/settings.js';
import type { Store } from './storage/store.js';

/**
 * The store that the settings name: MongoDB where MONGODB_URI is set, else a file in the data folder. Either
 * driver takes megabytes, so only the one that is used is loaded. Throws ConfigError where MONGODB_URI cannot be read.
 */
export async function storeOf({ settings }: { readonly settings: Settings }): Promise<Store> {
  const { MONGODB_URI: uri, FACET_MONGODB_DATABASE: database } = settings;
  if (uri === undefined) {
    const { createEmbeddedStore } = await import('./storage/embedded/embedded-store.js');
    return createEmbeddedStore({ path: join(settings.FACET_DATA_DIR, 'facet.db') });
  }
  const { createMongoStore } = await import('./storage/mongo/mongo-store.js');
  try {
    return createMongoStore({ uri, ...(database !== undefined && { database }) });
  } catch (error) {
    throw new ConfigError([`MONGODB_URI ${whyUnreadable((error as Error).message)}`]);
  }
}

/** The setting that says where the store is. */
export function storeSetting({
  settings,
}: {
  readonly settings: Settings;
}): 'MONGODB_URI' | 'FACET_DATA_DIR' {
  return settings.MONGODB_URI === undefined ? 'FACET_DATA_DIR' : 'MONGODB_URI';
}

/** The driver's words can quote a password, but not where they are about an option. */
function whyUnreadable(message: string): string {
  if (/^option \w+ is not supported$/.test(message)) return `cannot be used: ${message}`;
  return 'is no connection string; what is special in a user or password is percent-encoded';
}
