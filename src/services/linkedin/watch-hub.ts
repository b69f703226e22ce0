import type { Logger } from 'pino';
import type { Store } from '../../storage/store.js';
import { linkedinSessions, type SessionDocument } from './collection.js';
import { keyName } from './session-key.js';

const LOOK_MS = 500;
/** How often is looked while a person waits for the result of what they did. */
const EAGER_LOOK_MS = 100;

/** One watched session: its newest known document, shared by all who watch it. */
export interface Topic {
  /** Undefined once the document is gone. */
  latest(): SessionDocument | undefined;
  /** Runs at every change until called off. */
  onChange(run: () => void): () => void;
  /** Reads the document anew. */
  refresh(): Promise<void>;
  close(): void;
}

/** Wakes watchers: one subscription to the store for all of them, none while there are none. */
export interface WatchHub {
  watch(session: SessionDocument): Topic;
  /** A write of this process: its watchers need no look at the store. */
  written(session: SessionDocument): void;
  /** How many watchers there are. */
  size(): number;
}

interface Entry {
  document: SessionDocument | undefined;
  readonly key: { readonly tenant: string; readonly id: string };
  readonly listeners: Set<() => void>;
  watchers: number;
  reading: Promise<void> | undefined;
}

export function createWatchHub(store: Store, log: Logger): WatchHub {
  const entries = new Map<string, Entry>();
  let subscription: { close(): void } | undefined;

  function put(entry: Entry, document: SessionDocument | undefined): void {
    if (document !== undefined && document.revision <= (entry.document?.revision ?? 0)) return;
    if (document === entry.document) return;
    entry.document = document;
    for (const run of [...entry.listeners]) run();
  }

  function read(entry: Entry): Promise<void> {
    entry.reading ??= store
      .get(linkedinSessions, entry.key)
      .then(
        (document) => put(entry, document),
        (error: unknown) => log.debug({ err: error }, 'a watched session could not be read yet'),
      )
      .finally(() => {
        entry.reading = undefined;
      });
    return entry.reading;
  }

  /** Reads what is there now: a read that is under way may have begun before the change. */
  async function reread(entry: Entry): Promise<void> {
    await entry.reading;
    await read(entry);
  }

  function subscribe(): void {
    subscription ??= store.watch(
      linkedinSessions,
      {
        keys: () => [...entries.values()].map(({ key }) => key),
        intervalMs: () => ([...entries.values()].some(isEager) ? EAGER_LOOK_MS : LOOK_MS),
      },
      (change) => {
        const entry = entries.get(keyName(change));
        // A write of this process brings its document along right after.
        if (entry !== undefined) setImmediate(() => isNews(entry, change.revision) && void reread(entry));
      },
    );
  }

  function leave(name: string, entry: Entry): void {
    entry.watchers--;
    if (entry.watchers > 0) return;
    entries.delete(name);
    if (entries.size > 0) return;
    subscription?.close();
    subscription = undefined;
  }

  return {
    watch(session) {
      const name = keyName(session);
      const key = { tenant: session.tenant, id: session.id };
      const entry = entries.get(name) ?? {
        document: session,
        key,
        listeners: new Set(),
        watchers: 0,
        reading: undefined,
      };
      entries.set(name, entry);
      entry.watchers++;
      put(entry, session);
      subscribe();
      let open = true;
      return {
        latest: () => entry.document,
        onChange(run) {
          entry.listeners.add(run);
          return () => entry.listeners.delete(run);
        },
        refresh: () => read(entry),
        close() {
          if (open) leave(name, entry);
          open = false;
        },
      };
    },
    written(session) {
      const entry = entries.get(keyName(session));
      if (entry !== undefined) put(entry, session);
    },
    size: () => [...entries.values()].reduce((sum, { watchers }) => sum + watchers, 0),
  };
}

function isEager({ document }: Entry): boolean {
  const state = document?.body.state;
  return state === 'verification_required' || state === 'verifying';
}

/** Whether the revision is newer than what is known; 0 stands for a document that is gone. */
function isNews({ document }: Entry, revision: number): boolean {
  return revision === 0 ? document !== undefined : revision > (document?.revision ?? 0);
}
