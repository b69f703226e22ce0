import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/config.js';
import { describedSettings } from '../../src/config/described-settings.js';
import { settingsPage } from '../../src/config/settings-page.js';

const page = suite('the page of settings');

page('has a row for every setting, with its default and what it is for', () => {
  const rows = settingsPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  assert.equal(
    rows.map((row) => row.split('`')[1]),
    describedSettings().map(({ name }) => name),
  );
  assert.ok(rows.every((row) => /\| .{10,} \|$/.test(row)));
});

page('a default is written as the setting takes it', () => {
  const env = Object.fromEntries(
    describedSettings().flatMap(({ name, fallback }) => (fallback ? [[name, fallback]] : [])),
  );
  assert.equal(loadConfig('all', env).settings, loadConfig('all', {}).settings);
});

page.run();
