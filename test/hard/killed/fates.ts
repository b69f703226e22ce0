import * as assert from 'uvu/assert';

/** What is known of things that are made and removed by calls whose answers may be lost. */
export interface Fates {
  made(id: string): void;
  /** One to remove; until that is answered, nobody knows whether it is there. Throws where there is none. */
  take(): string;
  removed(id: string): void;
  /** Asserts that what must be there is, and that what must not be is not. */
  mustHold(what: string, has: (id: string) => boolean): void;
}

export function createFates(): Fates {
  const there = new Set<string>();
  const gone = new Set<string>();
  return {
    made: (id) => there.add(id),
    take() {
      const [oldest] = there;
      if (oldest === undefined) throw new Error('there is nothing to remove');
      there.delete(oldest);
      return oldest;
    },
    removed: (id) => gone.add(id),
    mustHold(what, has) {
      for (const id of there) assert.ok(has(id), `${what} ${id} is lost`);
      for (const id of gone) assert.not.ok(has(id), `${what} ${id} is there again`);
    },
  };
}
