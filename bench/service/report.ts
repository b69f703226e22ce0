import { table } from '../table.js';
import type { Figure } from './rounds.js';
import type { StartUp } from './start-up.js';
import type { Watchers } from './watchers.js';

const AIMS = { readyMs: 2000, idleMb: 130, eventMs: 700 };

/** The run as text, and whether every aim was met. */
export function reportOf(
  stores: Readonly<Record<string, { readonly figures: readonly Figure[]; readonly watchers: Watchers }>>,
  { readyMs, idleMb }: StartUp,
): { readonly text: string; readonly met: boolean } {
  const rows = Object.entries(stores).flatMap(([store, { figures }]) =>
    figures.map(({ operation, contender, perSecond, p50, p99 }) => {
      const bare = figures.find((each) => each.operation === operation)!;
      return [
        `${store} ${operation}: ${contender}`,
        perSecond.toFixed(0),
        p50.toFixed(1),
        p99.toFixed(1),
        (perSecond / bare.perSecond).toFixed(2),
      ];
    }),
  );
  const watched = Object.entries(stores).map(([store, { watchers }]) => [
    `${watchers.watchers} watchers, ${store}`,
    watchers.p50.toFixed(0),
    watchers.p99.toFixed(0),
    watchers.kbEach.toFixed(1),
    String(watchers.wrong),
  ]);
  const aims = [
    ['start-up, ms', readyMs.toFixed(0), `${AIMS.readyMs} at most`, readyMs <= AIMS.readyMs],
    ['memory at rest, MB', idleMb.toFixed(0), `${AIMS.idleMb} at most`, idleMb <= AIMS.idleMb],
    ...Object.entries(stores).map(([store, { watchers }]) => [
      `an event at another process, ms, ${store}`,
      watchers.p99.toFixed(0),
      `${AIMS.eventMs} at most`,
      watchers.p99 <= AIMS.eventMs && watchers.wrong === 0,
    ]),
  ] as const;
  const text = [
    table(['', 'per second', 'p50 ms', 'p99 ms', '× bare'], rows),
    table(['', 'p50 ms', 'p99 ms', 'kB each', 'missed or twice'], watched),
    table(
      ['aim', 'figure', 'limit', ''],
      aims.map(([what, figure, limit, met]) => [
        String(what),
        String(figure),
        String(limit),
        met ? 'met' : 'MISSED',
      ]),
    ),
  ].join('\n\n');
  return { text, met: aims.every(([, , , met]) => met) };
}
