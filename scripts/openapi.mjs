// Writes openapi/<contract>.json for every contract of proto/contracts.json.
// With --check, fails where a committed one differs from what would be written, or has no contract.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './install.mjs';

await build();
const { contractDocument, documentedContracts } = await import('../dist/src/openapi.js');
const folder = join(root, 'openapi');
mkdirSync(folder, { recursive: true });
const wanted = new Map(documentedContracts().map((name) => [`${name}.json`, contractDocument(name)]));
const names = new Set([...wanted.keys(), ...readdirSync(folder)]);
const stale = [...names].filter((name) => {
  const path = join(folder, name);
  return !existsSync(path) || readFileSync(path, 'utf8') !== wanted.get(name);
});

if (!process.argv.includes('--check')) {
  for (const name of stale) {
    const text = wanted.get(name);
    if (text === undefined) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
} else if (stale.length > 0) {
  console.error(
    `OpenAPI documents are not fresh; run npm run openapi:\n  ${stale.map((name) => `openapi/${name}`).join('\n  ')}`,
  );
  process.exitCode = 1;
}
