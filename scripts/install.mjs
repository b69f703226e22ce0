// Installs the locked dependencies where they are missing or older than the lock.
// Built-ins only: this runs in a clone that has nothing installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onceAtATime } from './lock.mjs';

export const root = new URL('..', import.meta.url).pathname;
const stamp = join(root, 'node_modules', '.facet-lock');
const lock = join(root, '.facet-install.lock');

const digest = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === digest();

/** Makes node_modules match package-lock.json; a second caller waits for the first. */
export async function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Facet needs Node 20.19 or newer; this is ${process.versions.node}.`);
  }
  await onceAtATime(lock, installed, runInstall);
}

function runInstall() {
  console.error('facet: installing dependencies (once)…');
  const npm = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) throw new Error('npm ci failed; its output is above.');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, digest());
}
