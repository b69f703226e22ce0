#!/usr/bin/env node
import { build } from '../scripts/build.mjs';

try {
  await build();
  const { runCli } = await import('../dist/gateway/cli.js');
  await runCli(process.argv.slice(2));
} catch (error) {
  console.error(`facet-gateway: ${error.message}`);
  process.exit(1);
}
