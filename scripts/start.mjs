// Installs and builds what is missing, then starts Facet: `all` in one process, or `service` or `gateway` alone.
import { build } from './build.mjs';

const [role, ...args] = process.argv.slice(2);
try {
  await build();
  const { main } = await import('../dist/src/main.js');
  await main(role, args);
} catch (error) {
  // Faults of the configuration are for the reader; anything else keeps its stack.
  console.error(error?.name === 'ConfigError' ? `facet: ${error.message}` : error);
  process.exit(1);
}
