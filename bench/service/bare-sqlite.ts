import Database from 'libsql/promise';
import { uuidv7 } from 'uuidv7';
import { type Contender, inTurn, PAGE, sampleIdentity } from './contender.js';

/** SQLite alone on one connection, as durable as the store is; each write a transaction. */
export async function bareSqlite(path: string, records: number, pageSize = PAGE): Promise<Contender> {
  const database = new Database(path, {});
  await database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE bare (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL) STRICT;`);
  const prepare = (sql: string) =>
    database.prepare(sql) as Promise<{ all(values: unknown[]): Promise<unknown[]> }>;
  const insert = await prepare('INSERT INTO bare VALUES (?, 1, ?)');
  const read = await prepare('SELECT * FROM bare WHERE id = ?');
  const page = await prepare(`SELECT * FROM bare ORDER BY id DESC LIMIT ${pageSize}`);
  const replace = await prepare(
    'UPDATE bare SET revision = revision + 1, body = ? WHERE id = ? AND revision = ?',
  );
  const make = async () => {
    const id = uuidv7();
    await insert.all([id, JSON.stringify(sampleIdentity())]);
    return id;
  };
  // A prepared statement is for one caller at a time.
  let last: Promise<unknown> = Promise.resolve();
  const alone =
    <T>(work: () => Promise<T>) =>
    () => {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    };
  const ids: string[] = [];
  while (ids.length < records) ids.push(await make());
  const next = inTurn(ids);
  return {
    name: 'bare SQLite',
    run: {
      create: alone(make),
      get: alone(async () => JSON.parse(((await read.all([next()]))[0] as { body: string }).body)),
      list: alone(async () => (await page.all([])).map((row) => JSON.parse((row as { body: string }).body))),
      update: alone(async () => {
        const [row] = (await read.all([next()])) as { id: string; revision: number; body: string }[];
        await replace.all([row!.body, row!.id, row!.revision]);
      }),
    },
    close: async () => database.close(),
  };
}
