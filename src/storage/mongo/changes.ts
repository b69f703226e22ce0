import { type ChangeStream, MongoServerError } from 'mongodb';
import { pause } from '../abort.js';
import type { Push } from '../watches.js';
import type { MongoConnection } from './connection.js';
import { keyOf, type StoredDocument } from './stored-document.js';

/** The answers of servers that have no change streams: a stand-alone mongod, FerretDB, others. */
const NOT_OFFERED: ReadonlySet<unknown> = new Set([40573, 115, 59, 40324, 303, 238]);

const PAUSE_MS = 1_000;
const PIPELINE = [{ $project: { operationType: 1, documentKey: 1, 'fullDocument.revision': 1 } }];

/** What is read of an event. We ourselves only ever insert, replace and delete. */
interface Event {
  readonly operationType: string;
  readonly documentKey?: { readonly _id: string };
  readonly fullDocument?: { readonly revision: number };
}

/** Follows the change stream of a collection, from anew whenever it breaks; gives up where there is none. */
export function createPush(connection: MongoConnection): Push {
  return (collection, onChange, onGap) => {
    let stream: ChangeStream<StoredDocument> | undefined;
    let active = false;
    const end = new AbortController();

    function pass(event: Event | null): void {
      if (event?.documentKey === undefined) return;
      const revision = event.operationType === 'delete' ? 0 : event.fullDocument?.revision;
      // A change that someone made by hand comes without the document, and so without the revision.
      if (revision === undefined) onGap();
      else onChange({ ...keyOf(event.documentKey._id), revision });
    }

    async function follow(): Promise<void> {
      const database = await connection.database();
      const mine = database
        .collection<StoredDocument>(collection.name)
        .watch(PIPELINE, { maxAwaitTimeMS: 1_000 });
      stream = mine;
      try {
        // The first answer means that the stream stands; what was written before is found by a look.
        const first = await mine.tryNext();
        active = true;
        onGap();
        pass(first as Event | null);
        while (!end.signal.aborted) pass((await mine.next()) as Event);
      } finally {
        active = false;
        await mine.close().catch(() => undefined);
      }
    }

    async function run(): Promise<void> {
      while (!end.signal.aborted) {
        try {
          await follow();
        } catch (error) {
          if (error instanceof MongoServerError && NOT_OFFERED.has(error.code)) return;
        }
        await pause(PAUSE_MS, end.signal).catch(() => undefined);
      }
    }

    void run();
    return {
      active: () => active,
      close() {
        end.abort();
        void stream?.close().catch(() => undefined);
      },
    };
  };
}
