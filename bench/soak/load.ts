import type { Acts } from './acts.js';

export interface LoadOptions {
  readonly perSecond: number;
  readonly minutes: number;
  /** Another thing that is done so often, beside the calls. */
  readonly beside: { readonly perSecond: number; readonly run: (n: string) => Promise<void> };
}

/** What the load has come to so far. */
export interface Load {
  readonly calls: number;
  readonly errors: ReadonlyMap<string, number>;
  /** The times of the calls since it was last asked, in milliseconds. */
  takeTimes(): number[];
  /** Resolves when it is over and every call has ended. */
  readonly done: Promise<void>;
}

const TICK_MS = 10;
/** Identities that a contract has at once: the oldest goes for a new one, so that the store does not grow. */
const MOST_IDENTITIES = 500;
/** In a hundred calls: as many creates as changes, and each of them with a removal at the end. */
const CREATES = 12;
const CHANGES = 24;
const LISTS = 30;

/** A machine that is too slow for the rate falls behind, and is not flooded. */
const MOST_AT_ONCE = 64;

/** Calls at a steady rate, in turns by contract. */
export function startLoad(contracts: readonly Acts[], { perSecond, minutes, beside }: LoadOptions): Load {
  const held = contracts.map((): string[] => []);
  const errors = new Map<string, number>();
  const under = new Set<Promise<void>>();
  let times: number[] = [];
  let [calls, begun, besides] = [0, 0, 0];

  function begin(work: Promise<unknown>, count: boolean): void {
    const began = performance.now();
    const call = work.then(
      () => {
        if (count) calls++;
        times.push(performance.now() - began);
      },
      (error: Error) => {
        const text = kindOf(error);
        errors.set(text, (errors.get(text) ?? 0) + 1);
      },
    );
    under.add(call);
    call.finally(() => under.delete(call));
  }

  async function act(n: number): Promise<unknown> {
    const at = n % contracts.length;
    const [acts, ids] = [contracts[at]!, held[at]!];
    const kind = Math.floor(n / contracts.length) % 100;
    if (ids.length === 0 || kind < CREATES) return ids.push(await acts.make(`${n}`));
    if (ids.length > MOST_IDENTITIES) return acts.remove(ids.shift()!);
    // The oldest may be removed meanwhile.
    const id = ids[Math.floor((((n * 7919) % 1000) / 1000) * (ids.length / 2) + ids.length / 2)]!;
    if (kind < CHANGES) return acts.change(id, `${n}`);
    return kind < LISTS ? acts.list() : acts.get(id);
  }

  const done = new Promise<void>((resolve) => {
    const began = performance.now();
    const timer = setInterval(() => {
      const seconds = (performance.now() - began) / 1000;
      if (seconds >= minutes * 60) {
        clearInterval(timer);
        return resolve();
      }
      while (begun < seconds * perSecond && under.size < MOST_AT_ONCE) begin(act(begun++), true);
      while (besides < seconds * beside.perSecond) begin(beside.run(`beside-${besides++}`), false);
    }, TICK_MS);
  }).then(async () => {
    await Promise.all(under);
  });

  return {
    done,
    errors,
    get calls() {
      return calls;
    },
    takeTimes() {
      const taken = times;
      times = [];
      return taken;
    },
  };
}

/** The method and status of an answer, without ids and its body; of other failures their text. */
function kindOf({ message }: Error): string {
  const [, method, status] = /^(\w+) [^ ]*: (\d{3}) /.exec(message) ?? [];
  return method === undefined ? message.slice(0, 100) : `${method} ${status}`;
}
