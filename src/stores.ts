import { join } from 'node:path';
import type { Config } from './config/config.js';
import { createEmbeddedStore } from './storage/embedded/embedded-store.js';
import { createMongoStore } from './storage/mongo/mongo-store.js';
import type { Store } from './storage/store.js';

/** The store that the settings name: MongoDB where MONGODB_URI is set, else a file in the data folder. */
export function storeOf({ settings }: Config): Store {
  const { MONGODB_URI: uri, FACET_MONGODB_DATABASE: database } = settings;
  if (uri === undefined) return createEmbeddedStore({ path: join(settings.FACET_DATA_DIR, 'facet.db') });
  return createMongoStore({ uri, ...(database !== undefined && { database }) });
}
