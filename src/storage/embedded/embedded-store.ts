import { orAborted } from '../abort.js';
import { canMatch } from '../check-query.js';
import { StoreFullError, StoreUnavailableError } from '../errors.js';
import { inOrder } from '../in-order.js';
import { bodyOf, indexDocument } from '../indexed-document.js';
import { isStorable, isStorableKey } from '../storable-text.js';
import type { Change, Collection, Document, Found, Store, Wait } from '../store.js';
import { createWatches } from '../watches.js';
import type { Connection } from './connection.js';
import { analyze, createTables } from './create-tables.js';
import { createGetTogether } from './get-together.js';
import { inspectFile } from './inspect-file.js';
import type { Write } from './plan-writes.js';
import { createReaders, type Readers } from './readers.js';
import { asJson, type Sql, selectKeys, selectPage, where } from './select.js';
import { checkOpened, openForReading, openForWriting, prepareFile } from './store-file.js';
import { type Table, tableOf } from './table.js';
import { whileBusy } from './while-busy.js';
import { createWriter, type Writer } from './writer.js';

export interface EmbeddedStoreOptions {
  /** The SQLite file; it and its folder are made where they do not exist. */
  readonly path: string;
  /** The size that the file may reach; beyond it writes end with StoreFullError. */
  readonly maxBytes?: number;
}

type Getter = ReturnType<typeof createGetTogether>;

/** A store in one SQLite file, which several processes may hold. */
export function createEmbeddedStore({ path, maxBytes }: EmbeddedStoreOptions): Store {
  const tables = new Map<string, Table>();
  /** The collections that are open, or about to be. */
  const asked = new Set<string>();
  const getters = new Map<string, Getter>();
  const readers: Readers = createReaders(() => openForReading(path));
  let writing: { readonly connection: Connection; readonly writer: Writer } | undefined;
  let opening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const watches = createWatches(async (collection, keys) => {
    const { name } = tableFor(collection);
    return readers.use(
      (reader) =>
        reader.all<Change>(
          `SELECT tenant, id, revision FROM ${name}
           WHERE (tenant, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
          [JSON.stringify(keys.filter(isStorableKey).map(({ tenant, id }) => [tenant, id]))],
        ),
      undefined,
    );
  });

  function tableFor(collection: Collection<never>): Table {
    const table = tables.get(collection.name);
    if (table !== undefined) return table;
    const { name } = collection;
    if (asked.has(name)) throw new StoreUnavailableError(`the collection ${name} is not open yet`);
    throw new TypeError(`the collection ${name} is not open`);
  }

  async function read<Row>(sql: Sql, signal: AbortSignal | undefined): Promise<Row[]> {
    return readers.use((reader) => reader.all<Row>(sql.text, sql.values), signal);
  }

  async function rows(sql: Sql, signal: AbortSignal | undefined): Promise<Found<unknown>[]> {
    const [row] = await read<{ page: string | null }>(sql, signal);
    return row?.page ? JSON.parse(row.page) : [];
  }

  async function page<B>(collection: Collection<B>, sql: Sql, { signal }: Wait): Promise<Found<B>[]> {
    const found = await rows(sql, signal);
    return found.map(({ tenant, id, revision, size, body }) => {
      return { tenant, id, revision, size, body: bodyOf(collection, body) };
    });
  }

  function getterOf(table: Table): Getter {
    const known = getters.get(table.name);
    if (known !== undefined) return known;
    // Several wait for what is read, so no one's signal may end it.
    const getter = createGetTogether((keys) => rows(selectKeys(table, keys), undefined));
    getters.set(table.name, getter);
    return getter;
  }

  async function one<B>(
    collection: Collection<B>,
    sql: Sql,
    { signal }: Wait,
  ): Promise<Document<B> | undefined> {
    const [row] = await read<Document<string>>(sql, signal);
    return row && { ...row, body: bodyOf(collection, JSON.parse(row.body)) };
  }

  async function write<B>(
    collection: Collection<B>,
    job: Write,
    { signal }: Wait,
  ): Promise<number | undefined> {
    const table = tableFor(collection);
    if (writing === undefined) throw new StoreUnavailableError('the store is not open');
    signal?.throwIfAborted();
    const done = writing.writer.write(table, job, signal).then((outcome) => {
      if ('error' in outcome) throw outcome.error;
      const { revision } = outcome;
      if (revision !== undefined)
        watches.written(collection, { tenant: job.key.tenant, id: job.key.id, revision });
      return revision;
    });
    return orAborted(done, signal);
  }

  async function openFile(): Promise<void> {
    await prepareFile(path);
    const connection = await whileBusy(() => openForWriting(path, maxBytes));
    await whileBusy(() => checkOpened(connection, path)).catch((error) => {
      connection.close();
      throw error;
    });
    writing = { connection, writer: createWriter(connection, () => readers.refresh()) };
  }

  async function openTables(opened: readonly Table[]): Promise<void> {
    opening ??= openFile().catch((error) => {
      opening = undefined;
      throw error;
    });
    await opening;
    // A connection of its own, since the writer's may be in the midst of a transaction.
    const connection = await whileBusy(() => openForWriting(path, maxBytes));
    try {
      await createTables(connection, opened);
      await whileBusy(() => analyze(connection)).catch((error) => {
        // A full store is still there to be read.
        if (!(error instanceof StoreFullError)) throw error;
      });
    } finally {
      connection.close();
    }
    readers.refresh();
    for (const table of opened) tables.set(table.collection.name, table);
  }

  return {
    name: 'embedded',
    watch: watches.watch,

    async open(collections, { signal } = {}) {
      if (closing !== undefined) throw new StoreUnavailableError('the store is closed');
      for (const { name } of collections) asked.add(name);
      await orAborted(openTables(collections.map(tableOf)), signal);
    },

    async insert(collection, { tenant, id }, body, wait = {}) {
      const key = { tenant, id };
      const document = indexDocument(collection, key, body);
      await write(collection, { kind: 'insert', key, document }, wait);
      return { tenant, id, revision: 1, body: bodyOf(collection, JSON.parse(document.json)) };
    },

    async get(collection, key, wait = {}) {
      const table = tableFor(collection);
      if (!isStorableKey(key)) return undefined;
      wait.signal?.throwIfAborted();
      const found = await orAborted(getterOf(table)(key), wait.signal);
      if (found === undefined) return undefined;
      const { tenant, id, revision, body } = found;
      return { tenant, id, revision, body: bodyOf(collection, body) };
    },

    async getMany(collection, tenant, ids, wait = {}) {
      const { name } = tableFor(collection);
      const keys = ids.filter((id) => isStorableKey({ tenant, id }));
      if (keys.length === 0) return [];
      const text = asJson(`SELECT tenant, id, revision, body FROM ${name}
        WHERE tenant = ? AND id IN (SELECT value FROM json_each(?))`);
      return inOrder(await page(collection, { text, values: [tenant, JSON.stringify(keys)] }, wait), ids);
    },

    async getByClaim(collection, tenant, claim, wait = {}) {
      const { name } = tableFor(collection);
      if (!isStorable(tenant) || !isStorable(claim)) return undefined;
      const text = `SELECT d.tenant, d.id, d.revision, d.body FROM claims c JOIN ${name} d ON d.tenant = c.tenant AND d.id = c.id
        WHERE c.collection = ? AND c.tenant = ? AND c.claim = ?`;
      return one(collection, { text, values: [collection.name, tenant, claim] }, wait);
    },

    async find(collection, query, wait = {}) {
      const table = tableFor(collection);
      if (!canMatch(collection, query) || query.limit === 0) return [];
      return page(collection, selectPage(table, query), wait);
    },

    async count(collection, query, wait = {}) {
      const table = tableFor(collection);
      if (!canMatch(collection, query)) return 0;
      const { text, values } = where(table, query);
      const [row] = await read<{ n: number }>(
        { text: `SELECT count(*) AS n FROM ${table.name} WHERE ${text}`, values },
        wait.signal,
      );
      return row?.n ?? 0;
    },

    async replace(collection, current, body, wait = {}) {
      const { tenant, id, revision } = current;
      const document = indexDocument(collection, current, body);
      const written = await write(
        collection,
        { kind: 'replace', key: { tenant, id }, revision, document },
        wait,
      );
      return written === undefined
        ? undefined
        : { tenant, id, revision: written, body: bodyOf(collection, JSON.parse(document.json)) };
    },

    async remove(collection, { tenant, id }, revision, wait = {}) {
      tableFor(collection);
      if (!isStorableKey({ tenant, id })) return false;
      return (await write(collection, { kind: 'remove', key: { tenant, id }, revision }, wait)) !== undefined;
    },

    async ping(wait = {}) {
      if (writing === undefined) throw new StoreUnavailableError('the store is not open');
      await read({ text: 'PRAGMA user_version', values: [] }, wait.signal);
    },

    inspect: (inspected, { signal } = {}) => orAborted(inspectFile(path, inspected.map(tableOf)), signal),

    close() {
      closing ??= (async () => {
        watches.close();
        await writing?.writer.close();
        await readers.close();
        // So that the file is whole by itself; another process that reads may prevent it.
        await writing?.connection.exec('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined);
        writing?.connection.close();
      })();
      return closing;
    },
  };
}
