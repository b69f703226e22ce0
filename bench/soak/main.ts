import { parseArgs } from 'node:util';
import { startRole, stopAll } from '../../test/support/start-role.js';
import { positive } from '../positive.js';
import { actsOn } from './acts.js';
import { median, type Sample, sampleOf } from './gauges.js';
import { judge } from './judge.js';
import { startLoad } from './load.js';
import { logIn } from './login.js';

const HELP = `Facet whole in a process of its own, on the embedded store, under calls to all six contracts at a steady rate, and
logins that are watched. Fails where calls do, where the memory that it never goes below grows by more than 1 MB a
minute after the first three tenths of the time, or where handles grow.

  npm run soak -- [options]

  --minutes N      how long (default 10)
  --per-second N   calls a second (default 300)
`;
const LOGINS_A_SECOND = 1;
const SAMPLE_MS = 1000;

/** Runs the soak; resolves to whether everything held. */
export async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      'per-second': { type: 'string', default: '300' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  const [minutes, perSecond] = [positive(values, 'minutes'), positive(values, 'per-second')];
  const facet = await startRole('all', { FACET_LOG_LEVEL: 'warn', FACET_LINKEDIN_CONNECTOR: 'simulated' });
  const { all, close } = actsOn(facet);
  const began = performance.now();
  const samples: Sample[] = [];
  const sampling = setInterval(() => {
    samples.push(sampleOf(facet.child.pid!, (performance.now() - began) / 60_000));
  }, SAMPLE_MS);
  try {
    const run = (n: string) => logIn(facet.rest!, all[1]!, n);
    const load = startLoad(all, { perSecond, minutes, beside: { perSecond: LOGINS_A_SECOND, run } });
    const telling = setInterval(
      () => tell(samples.at(-1)!, load.calls, load.errors, load.takeTimes()),
      60_000,
    );
    await load.done.finally(() => clearInterval(telling));
    const { figures, missed } = judge({
      minutes,
      perSecond,
      samples,
      calls: load.calls,
      errors: load.errors,
    });
    console.log(
      `\n${figures}\n${missed.length === 0 ? 'met' : missed.map((each) => `MISSED: ${each}`).join('\n')}`,
    );
    return missed.length === 0;
  } finally {
    clearInterval(sampling);
    close();
    await stopAll();
  }
}

function tell(now: Sample, calls: number, errors: ReadonlyMap<string, number>, times: number[]): void {
  const failed = [...errors.values()].reduce((sum, count) => sum + count, 0);
  times.sort((a, b) => a - b);
  const p99 = times[Math.floor(times.length * 0.99)] ?? Number.NaN;
  console.log(
    `minute ${now.minute.toFixed(0)}: ${calls} calls, ${failed} failed; p50 ${median(times).toFixed(1)} ms, p99 ${p99.toFixed(0)} ms; ${now.residentMb.toFixed(0)} MB, ${now.handles} handles`,
  );
}
