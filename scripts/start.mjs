// Installs and builds what is missing, then starts Facet: `all` in one process, or `service` or `gateway` alone.
import { setFlagsFromString } from 'node:v8';
import { build } from './build.mjs';

const [role, ...args] = process.argv.slice(2);
try {
  await build();
  // Loading would make V8's young generation grow to its full 32 MB, and a process at rest never gives them back.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { main } = await import('../dist/src/main.js');
  await main(role, args);
  // V8's own factor: from here on it grows as calls need it.
  setFlagsFromString('--semi-space-growth-factor=2');
} catch (error) {
  // Faults of the configuration are for the reader; anything else keeps its stack.
  console.error(error?.name === 'ConfigError' ? `facet: ${error.message}` : error);
  process.exit(1);
}
