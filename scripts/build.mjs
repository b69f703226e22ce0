// Compiles src/, gateway/, bench/ and test/ into dist/ when a source is newer than the last build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install, root } from './install.mjs';
import { onceAtATime } from './lock.mjs';

const stamp = join(root, 'dist', '.built');
const lock = join(root, '.facet-build.lock');

function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  // A folder's own time changes when a file in it is removed, which must rebuild too.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), info.mtimeMs);
}

function fresh() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return ['src', 'gateway', 'bench', 'test', 'tsconfig.json', 'package-lock.json'].every(
    (name) => newest(join(root, name)) <= built,
  );
}

/** Installs and compiles what is out of date; returns at once where nothing is. A second caller waits for the first. */
export async function build() {
  // A tree without its sources, as in the image, comes built.
  if (!existsSync(join(root, 'src'))) return;
  await install();
  await onceAtATime(lock, fresh, compile);
}

function compile() {
  const started = Date.now();
  console.error('facet: building…');
  // Output of sources that are gone must not be run by the test runner.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root], {
    stdio: 'inherit',
  });
  if (tsc.status !== 0) throw new Error('the build failed; the compiler says why above.');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
  const time = new Date(started);
  utimesSync(stamp, time, time);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build();
