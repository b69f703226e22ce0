/** Lets calls with a name in common run one after the other, in the order in which they came. */
export interface Turns {
  /** `run` is told whether it had to wait. */
  take<T>(names: readonly string[], run: (waited: boolean) => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  /** The end of the line of each name. */
  const last = new Map<string, Promise<void>>();

  return {
    take(names, run) {
      const before = names.flatMap((name) => last.get(name) ?? []);
      const turn = before.length === 0 ? run(false) : Promise.all(before).then(() => run(true));
      const over: Promise<void> = turn.then(
        () => undefined,
        () => undefined,
      );
      // A call stands in all its lines at once, so no two can wait for each other.
      for (const name of names) last.set(name, over);
      void over.then(() => {
        for (const name of names) if (last.get(name) === over) last.delete(name);
      });
      return turn;
    },
  };
}
