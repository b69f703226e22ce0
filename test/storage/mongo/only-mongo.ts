import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { suite, type Test } from 'uvu';
import { availableStores } from '../../support/stores.js';

export interface MongoContext {
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  /** A database of the suite's own, dropped at its end. */
  readonly database: string;
}

/** Defines and runs a suite for MongoDB, as skipped tests where there is none. */
export function onlyMongo(name: string, define: (test: Test, ctx: MongoContext) => void): void {
  const isThere = availableStores().some((kind) => kind.name === 'mongo');
  const uri = process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017/';
  const [host = '127.0.0.1', port = '27017'] =
    uri
      .replace(/^mongodb:\/\/([^@/]*@)?/, '')
      .split(/[/?,]/)[0]
      ?.split(':') ?? [];
  const database = `facet_test_${randomBytes(6).toString('hex')}`;
  const test = suite(`${name} [mongo]`);
  test.after(async () => {
    if (!isThere) return;
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  });
  const skipping = Object.assign((title: string) => test.skip(title), test);
  define((isThere ? test : skipping) as Test, { uri, host, port: Number(port), database });
  test.run();
}
