// A server of a benchmark, in a process of its own: `serve.js ROLE ARGUMENT…`. It ends with its parent.
import { serveFacet, serveFilledFacet } from './facet.js';
import { serveWire } from './gateway.js';
import type { Listening } from './listening.js';
import { servePeer } from './peer.js';
import { serveBare, serveExpress } from './plain.js';
import { serveTrivialLocal, serveTrivialService } from './trivial.js';

const ROLES: Record<string, (...args: string[]) => Promise<Listening>> = {
  bare: serveBare,
  express: serveExpress,
  wire: serveWire,
  peer: servePeer,
  facet: serveFacet,
  'filled-facet': serveFilledFacet,
  'trivial-local': serveTrivialLocal,
  'trivial-service': serveTrivialService,
};

process.on('disconnect', () => process.exit());
const [role = '', ...args] = process.argv.slice(2);
ROLES[role]!(...args).then(
  (result) => process.send!({ result }),
  (error: Error) => process.send!({ error: error.stack }),
);
