import { StoreUnavailableError } from '../../src/storage/errors.js';
import type { Store } from '../../src/storage/store.js';

/** A store that a process loses at a chosen moment, as if it had been killed or the engine had gone. */
export interface CuttableStore extends Store {
  cut(): void;
  /** Ends the cut: the engine is back. */
  mend(): void;
  /** Cuts right after the first write that the test is looking for. */
  cutAfter(isIt: (collection: string, body: unknown) => boolean): void;
}

export function cuttable(store: Store): CuttableStore {
  let dead = false;
  let isIt: (collection: string, body: unknown) => boolean = () => false;
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw new StoreUnavailableError('cut');
    const result = await work();
    if (dead) throw new StoreUnavailableError('cut');
    return result;
  };
  const writing = <T>(collection: string, body: unknown, work: () => Promise<T>): Promise<T> =>
    alive(async () => {
      const result = await work();
      if (result !== undefined && isIt(collection, body)) dead = true;
      return result;
    });
  return {
    ...store,
    cut() {
      dead = true;
    },
    mend() {
      dead = false;
    },
    cutAfter(predicate) {
      isIt = predicate;
    },
    get: (...args) => alive(() => store.get(...args)),
    getMany: (...args) => alive(() => store.getMany(...args)),
    getByClaim: (...args) => alive(() => store.getByClaim(...args)),
    find: (...args) => alive(() => store.find(...args)),
    count: (...args) => alive(() => store.count(...args)),
    insert: (...args) => writing(args[0].name, args[2], () => store.insert(...args)),
    replace: (...args) => writing(args[0].name, args[2], () => store.replace(...args)),
    remove: (...args) => writing(args[0].name, undefined, () => store.remove(...args)),
  };
}
