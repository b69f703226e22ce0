// `npm run soak [-- options]`: a Facet under steady load for minutes. Ends with 1 where it did not stay as it was.
import { build } from './build.mjs';

await build();
const { main } = await import('../dist/bench/soak/main.js');
if (!(await main(process.argv.slice(2)))) process.exitCode = 1;
