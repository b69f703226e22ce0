import type { Change, Collection, Key, Store, WatchOptions } from './store.js';

/** The newest revisions of those keys that exist. */
export type Look = (collection: Collection<never>, keys: readonly Key[]) => Promise<readonly Change[]>;

/** Where the engine pushes: calls `onChange` for every write to the collection, and `onGap` when it may have missed some. */
export type Push = (
  collection: Collection<never>,
  onChange: (change: Change) => void,
  onGap: () => void,
) => {
  /** Whether it pushes now; the server may not be able to. */
  active(): boolean;
  close(): void;
};

/** While the engine pushes, full looks only make up for a push that went astray. */
const FULL_LOOK_MS = 5_000;

export interface Watches {
  readonly watch: Store['watch'];
  /** A write of this process: its watchers learn of it at once. */
  written(collection: Collection<never>, change: Change): void;
  close(): void;
}

interface Watcher {
  readonly collection: string;
  readonly note: (change: Change) => void;
  readonly close: () => void;
}

const nameOf = ({ tenant, id }: Key) => `${tenant}/${id}`;

/** The one implementation of `watch`: looks at intervals, and is told in between. */
export function createWatches(look: Look, push?: Push): Watches {
  const watchers = new Set<Watcher>();

  function watch<B>(collection: Collection<B>, options: WatchOptions, onChange: (change: Change) => void) {
    const known = new Map<string, number>();
    /** What was told since the last look began; such a look may be older. */
    const told = new Set<string>();
    let closed = false;
    let lookAgain = false;
    let wake = () => {};

    function report(change: Change): void {
      if (closed) return;
      known.set(nameOf(change), change.revision);
      try {
        onChange(change);
      } catch {
        // A watcher's own failure is not the writer's, who may be calling.
      }
    }

    function note(change: Change): void {
      const name = nameOf(change);
      const before = known.get(name);
      // What the engine pushes may be older than what a write of this process has told.
      if (change.revision === before || (change.revision > 0 && change.revision < (before ?? 0))) return;
      if (!options.keys().some((key) => nameOf(key) === name)) return;
      told.add(name);
      report(change);
    }

    /** @param all false where the engine pushes: then only what is new among the keys is looked at */
    async function lookOnce(all: boolean): Promise<void> {
      const wanted = options.keys();
      const names = new Set(wanted.map(nameOf));
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
      const keys = all ? wanted : wanted.filter((key) => !known.has(nameOf(key)));
      if (keys.length === 0) return;
      told.clear();
      const found = new Map(
        (await look(collection, keys)).map((change) => [nameOf(change), change.revision]),
      );
      for (const { tenant, id } of keys) {
        const name = nameOf({ tenant, id });
        const revision = found.get(name) ?? 0;
        if (!told.has(name) && revision !== known.get(name)) report({ tenant, id, revision });
      }
    }

    async function run(): Promise<void> {
      let lastFull = Number.NEGATIVE_INFINITY;
      while (!closed) {
        const all = lookAgain || !pushed?.active() || performance.now() - lastFull >= FULL_LOOK_MS;
        lookAgain = false;
        if (all) lastFull = performance.now();
        // An engine that cannot be reached is asked again at the next look.
        await lookOnce(all).catch(() => undefined);
        if (!closed && !lookAgain) await rest(options.intervalMs());
      }
    }

    function rest(ms: number): Promise<void> {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }

    const pushed = push?.(collection, note, () => {
      lookAgain = true;
      wake();
    });
    const watcher: Watcher = {
      collection: collection.name,
      note,
      close() {
        watchers.delete(watcher);
        pushed?.close();
        closed = true;
        wake();
      },
    };
    watchers.add(watcher);
    void run();
    return { close: watcher.close };
  }

  return {
    watch,
    written(collection, change) {
      for (const watcher of watchers) if (watcher.collection === collection.name) watcher.note(change);
    },
    close() {
      for (const watcher of [...watchers]) watcher.close();
    },
  };
}
