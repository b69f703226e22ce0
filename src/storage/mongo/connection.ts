import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import { StoreUnavailableError } from '../errors.js';
import { toStoreError } from './mongo-error.js';

/** The way to the database, which may be absent at first and come back later. */
export interface MongoConnection {
  /** The database as soon as a server has been found. Throws StoreUnavailableError. */
  database(): Promise<Db>;
  close(): Promise<void>;
}

/** An acknowledged write is on the disks of a majority, whatever the connection string says. */
const OPTIONS: MongoClientOptions = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  appName: 'facet',
};

/** Milliseconds, where the connection string does not say. Callers wait as their signals allow; these bound what they leave behind. */
const PATIENCE: MongoClientOptions = {
  serverSelectionTimeoutMS: 2_000,
  connectTimeoutMS: 3_000,
  waitQueueTimeoutMS: 2_000,
  socketTimeoutMS: 30_000,
  heartbeatFrequencyMS: 2_000,
};

const DEFAULT_DATABASE = 'facet';
const NAMES_DATABASE = /^[^/]*\/\/[^/?]*\/[^?]/;

/** Throws at once where the connection string is malformed. */
export function createMongoConnection(uri: string, database: string | undefined): MongoConnection {
  const said = uri.toLowerCase();
  const patience = Object.entries(PATIENCE).filter(([option]) => !said.includes(`${option.toLowerCase()}=`));
  const make = () => new MongoClient(uri, { ...Object.fromEntries(patience), ...OPTIONS });
  const name = database ?? (NAMES_DATABASE.test(uri) ? undefined : DEFAULT_DATABASE);
  let client: MongoClient | undefined = make();
  let connected: Promise<Db> | undefined;
  let closed = false;

  /** A client whose first attempt failed stays closed for good, so the next attempt has a new one. */
  async function connect(): Promise<Db> {
    const mine = client ?? make();
    client = mine;
    try {
      await mine.connect();
      return mine.db(name);
    } catch (error) {
      client = undefined;
      connected = undefined;
      await mine.close().catch(() => undefined);
      throw toStoreError(error);
    }
  }

  return {
    async database() {
      if (closed) throw new StoreUnavailableError('the store is closed');
      connected ??= connect();
      return connected;
    },
    async close() {
      closed = true;
      await client?.close().catch(() => undefined);
    },
  };
}
