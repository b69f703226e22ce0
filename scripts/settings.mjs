// Writes docs/settings.md from the settings' own code. With --check, fails where the committed one differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './install.mjs';

await build();
const { settingsPage } = await import('../dist/src/config/settings-page.js');
const path = join(root, 'docs/settings.md');
if (!process.argv.includes('--check')) {
  writeFileSync(path, settingsPage());
} else if (readFileSync(path, 'utf8') !== settingsPage()) {
  console.error('docs/settings.md is not fresh; run npm run settings');
  process.exitCode = 1;
}
