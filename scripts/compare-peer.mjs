// Sends the same requests to the real grpc-gateway and to ours, and reports each difference; --help tells more.
import { build } from './build.mjs';

await build();
const { main } = await import('../dist/bench/peer/main.js');
process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
