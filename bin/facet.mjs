#!/usr/bin/env node
// The operator's command line. Builds first where that is needed.
import { build } from '../scripts/build.mjs';

await build();
const { main } = await import('../dist/src/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
