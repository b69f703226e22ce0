import { parseArgs } from 'node:util';
import { hangUp } from './answer.js';
import { type Comparison, compare } from './compare.js';
import { readContracts } from './contract.js';
import { generateRequests } from './generate.js';
import { reportOf } from './report.js';
import { createWorld } from './world.js';
import { writtenRequests } from './written.js';

const HELP = `Sends the same requests to the real grpc-gateway and to ours, and reports each difference.

  node scripts/compare-peer.mjs --ours http://127.0.0.1:8080 --peer core=http://127.0.0.1:8090 [--peer …]

  --ours URL             our gateway
  --peer CONTRACT=URL    a grpc-gateway made from the package of one contract, in front of the same service;
                         without "CONTRACT=" it is that of core
  --key KEY              a key with all scopes (default: facet_core_dev, good on loopback)
  --only TEXT            only requests whose title holds the text
  --verbose              names the requests behind each deliberate difference
`;

/** Runs the comparison; resolves to whether every difference is a deliberate one. */
export async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ours: { type: 'string' },
      peer: { type: 'string', multiple: true },
      key: { type: 'string', default: 'facet_core_dev' },
      only: { type: 'string', default: '' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { ours, peer: peers = [], key, only, verbose } = values;
  if (values.help || ours === undefined || peers.length === 0) {
    process.stdout.write(HELP);
    return values.help;
  }
  const contracts = readContracts();
  const comparisons: Comparison[] = [];
  for (const given of peers) {
    const [, name = 'core', peer = ''] = /^(?:([a-z]+)=)?(https?:\/\/.+)$/.exec(given) ?? [];
    const contract = contracts.get(name);
    if (contract === undefined || peer === '')
      throw new Error(`--peer ${given}: no such contract, or no URL`);
    const world = createWorld(ours, key);
    const requests = [...writtenRequests(name), ...generateRequests(contract)];
    for (const request of requests.filter(({ title }) => title.includes(only))) {
      const run = () => compare(request, contract, { peer, ours, key }, world, comparisons.length);
      const first = await run();
      // Between two reads a login may have moved on; then the next two agree.
      const again = first.unexplained.length > 0 && request.method === 'GET';
      comparisons.push(again ? await run() : first);
    }
  }
  hangUp();
  console.log(reportOf(comparisons, verbose));
  return comparisons.every(({ unexplained }) => unexplained.length === 0);
}
