import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreCorruptError, StoreUnavailableError } from '../errors.js';
import { checkLog } from './check-log.js';
import { type Connection, connect } from './connection.js';

/** "FACT" in the file's header (PRAGMA application_id): this file is one of ours. */
const APPLICATION_ID = 0x46414354;
/** The layout of the file (PRAGMA user_version). */
const LAYOUT = 1;
const HEADER_BYTES = 100;
const PAGE_BYTES = 4096;
/**
 * Another process may just be making the file, moving its log into it or beginning the log anew: what looks damaged
 * in the midst of that is whole a moment later, and damage stays.
 */
const LOOKS = 4;
const BETWEEN_LOOKS_MS = 50;

/**
 * Makes the file where there is none, and refuses one that is not a usable store of ours: a file that was
 * emptied, cut or written by another program must never be taken for a new store.
 */
export async function prepareFile(path: string): Promise<void> {
  try {
    if (!(await isMade(path))) await makeFile(path);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      throw new StoreUnavailableError(`${path} cannot be used: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Whether there is a file; refuses one that is not a usable store of ours. Makes nothing. */
export async function isMade(path: string): Promise<boolean> {
  for (let look = 1; ; look++) {
    try {
      return await lookAt(path);
    } catch (error) {
      if (look === LOOKS || !(error instanceof StoreCorruptError)) throw error;
      await sleep(BETWEEN_LOOKS_MS);
    }
  }
}

async function lookAt(path: string): Promise<boolean> {
  const size = await sizeOf(path);
  if (size !== undefined) await checkHeader(path, size);
  else if (((await sizeOf(`${path}-wal`)) ?? 0) > 0) {
    throw new StoreCorruptError(`${path} is missing, but ${path}-wal is there`);
  }
  return size !== undefined;
}

/** The file appears under its name when it is whole, so an empty one there is always damage. */
async function makeFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.new-${randomUUID()}`;
  try {
    await (await open(draft, 'wx', 0o600)).close();
    const connection = connect(draft);
    await connection.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA synchronous = FULL;
      BEGIN;
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${LAYOUT};
      CREATE TABLE claims (collection TEXT, tenant TEXT, claim TEXT, id TEXT NOT NULL,
        PRIMARY KEY (collection, tenant, claim)) STRICT, WITHOUT ROWID;
      CREATE TABLE tokens (collection TEXT, tenant TEXT, token TEXT, id TEXT,
        PRIMARY KEY (collection, tenant, token, id)) STRICT, WITHOUT ROWID;
      COMMIT;`);
    connection.close();
    await link(draft, path).catch((error) => {
      // Another process was faster: its file is as good.
      if (error.code !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(path));
  } finally {
    await rm(draft, { force: true });
  }
}

/** Offsets from https://www.sqlite.org/fileformat.html#the_database_header, all big-endian. */
async function checkHeader(path: string, size: number): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = await open(path, 'r');
  try {
    await file.read(header, 0, HEADER_BYTES, 0);
  } finally {
    await file.close();
  }
  if (size === 0) throw new StoreCorruptError(`${path} is empty; remove it to start anew`);
  if (
    header.toString('latin1', 0, 16) !== 'SQLite format 3\0' ||
    header.readUInt32BE(68) !== APPLICATION_ID
  ) {
    throw new StoreCorruptError(`${path} is not a Facet store`);
  }
  const layout = header.readUInt32BE(60);
  if (layout !== LAYOUT)
    throw new StoreCorruptError(`${path} has layout ${layout}, this version reads ${LAYOUT}`);
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  // While a write-ahead log is there, the end of the file may still be in it.
  const logged = ((await sizeOf(`${path}-wal`)) ?? 0) > 0;
  if (logged) await checkLog(`${path}-wal`, pageSize);
  else if (size < header.readUInt32BE(28) * pageSize) throw new StoreCorruptError(`${path} is cut short`);
}

/** Refuses a log of another program's database: with it, the file is that one. */
export async function checkOpened(connection: Connection, path: string): Promise<void> {
  const [row] = await connection.all<{ application_id: number }>('PRAGMA application_id');
  if (row?.application_id !== APPLICATION_ID) {
    throw new StoreCorruptError(`${path}-wal is not a Facet store's`);
  }
}

/** What the writer's connection needs. */
export async function openForWriting(path: string, maxBytes: number | undefined): Promise<Connection> {
  const connection = connect(path);
  await connection.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16000;
    ${maxBytes === undefined ? '' : `PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / PAGE_BYTES))};`}`);
  return connection;
}

/** What a reader's connection needs. */
export async function openForReading(path: string): Promise<Connection> {
  const connection = connect(path);
  await connection.exec('PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;');
  return connection;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** So that the new name outlives a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
