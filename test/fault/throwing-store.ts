import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pipeline } from '../../src/rpc/pipeline.js';
import type { Store } from '../../src/storage/store.js';

/** A defect of the store: which of one call's operations on it throws. */
export interface Throw {
  /** From 1 on. */
  readonly at: number;
  readonly error: unknown;
  /** At once, instead of as a promise that is rejected. */
  readonly atOnce: boolean;
}

export interface ThrowingStore {
  readonly store: Store;
  /** Puts what a call does on the store to its account, so that work in the background is left alone. */
  readonly before: (pipeline: Pipeline) => Pipeline;
  /** What the next call is to meet. */
  arm(planned: Throw): void;
  /** The operation that threw, as "insert"; undefined where the call never came so far. */
  thrown(): string | undefined;
}

/** A store on which one operation of one call fails in a way that nobody has foreseen. */
export function throwing(store: Store): ThrowingStore {
  const calls = new AsyncLocalStorage<{ readonly planned: Throw; operations: number }>();
  let armed: Throw | undefined;
  let thrown: string | undefined;

  const inAccount = <T>(run: () => T): T => {
    const planned = armed;
    armed = undefined;
    return planned === undefined ? run() : calls.run({ planned, operations: 0 }, run);
  };

  return {
    store: new Proxy(store, {
      get(target, name, receiver) {
        const member = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          const call = calls.getStore();
          if (call !== undefined && ++call.operations === call.planned.at) {
            thrown = String(name);
            if (call.planned.atOnce || name === 'watch') throw call.planned.error;
            return Promise.reject(call.planned.error);
          }
          return member.apply(target, args);
        };
      },
    }),
    before: (pipeline) => ({
      ...pipeline,
      unary: (call, request) => inAccount(() => pipeline.unary(call, request)),
      stream: (call, requests) => inAccount(() => pipeline.stream(call, requests)),
    }),
    arm(planned) {
      armed = planned;
      thrown = undefined;
    },
    thrown: () => thrown,
  };
}
