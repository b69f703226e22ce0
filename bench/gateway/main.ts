import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChild } from '../child.js';
import { positive } from '../positive.js';
import type { CodecTimes } from './codec.js';
import { type Effort, measure } from './measure.js';
import { reportOf } from './report.js';
import { startServers } from './start-servers.js';
import { subjectsOf } from './subjects.js';
import { verdictsOf } from './verdicts.js';

const HELP = `Requests per second and p99 of a get and a list, through bare Node http, an empty Express app, our gateway in
the service's process (local) and before it (wire), and the real grpc-gateway where it has been built.

  npm run bench gateway -- [options]

  --core-peer PROGRAM      a grpc-gateway made from facet.v1 (or FACET_BENCH_CORE_PEER), which takes -grpc and
                           -http addresses
  --outreach-peer PROGRAM  the same of facet.outreach.v1 (or FACET_BENCH_OUTREACH_PEER)
  --rounds N               how often each is put under load (default 5)
  --milliseconds N         for how long each time (default 500)
  --connections N          connections at once (default 32)
  --only TEXT              only what has the text in its name, as "core get"
  --json FILE              writes the figures there too
`;
/** How long each is under load before the first round, for the compiler to see what it does often. */
const WARM_UP_MS = 700;

/** Runs the benchmark; resolves to whether every aim was met. */
export async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'core-peer': { type: 'string', default: process.env.FACET_BENCH_CORE_PEER },
      'outreach-peer': { type: 'string', default: process.env.FACET_BENCH_OUTREACH_PEER },
      rounds: { type: 'string', default: '5' },
      milliseconds: { type: 'string', default: '500' },
      connections: { type: 'string', default: '32' },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  const effort: Effort = {
    rounds: positive(values, 'rounds'),
    milliseconds: positive(values, 'milliseconds'),
    warmUpMs: WARM_UP_MS,
    connections: positive(values, 'connections'),
  };
  const { child: timer, said: codec } = await startChild<CodecTimes>('./gateway/codec.js', []);
  await timer.stop();
  const folder = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  try {
    const servers = await startServers(folder, {
      core: values['core-peer'],
      outreach: values['outreach-peer'],
    });
    const { child: generator } = await startChild('./load/generator.js', []);
    try {
      const subjects = subjectsOf(servers).filter(({ name }) => name.includes(values.only));
      const measured = await measure(subjects, generator, effort);
      const verdicts = verdictsOf(measured, codec);
      const ranOn = { node: process.version, cores: availableParallelism(), ...effort };
      console.log(`Node ${process.version}, ${ranOn.cores} cores, ${effort.connections} connections\n`);
      console.log(reportOf(measured, codec, verdicts));
      if (values.json !== undefined) {
        await writeFile(
          values.json,
          `${JSON.stringify({ ranOn, codec, measured, verdicts }, undefined, 2)}\n`,
        );
      }
      return verdicts.every(({ met }) => met);
    } finally {
      await Promise.all([servers.stop(), generator.stop()]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
