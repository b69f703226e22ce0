// Runs benchmarks: `npm run bench [name …] [-- options]`, all of them where none is named.
// Ends with 1 where an aim was missed.
import { build } from './build.mjs';

const BENCHES = ['gateway', 'service', 'lists', 'admin'];
const args = process.argv.slice(2);
const named = args.filter((word) => BENCHES.includes(word));
const options = args.filter((word) => !BENCHES.includes(word));

await build();
for (const name of named.length > 0 ? named : BENCHES) {
  console.log(`== ${name}`);
  const { main } = await import(`../dist/bench/${name}/main.js`);
  if (!(await main(options))) process.exitCode = 1;
}
