// Regenerates what is derived from proto/: the message types in src/gen and the descriptor image.
// With --check, makes them in a temporary folder instead and fails where the committed ones differ.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { install, root } from './install.mjs';

// What only options use needs no types: the image has it.
const WITHOUT_TYPES = ['buf', 'google/api', 'google/protobuf/descriptor.ts', 'facet/http', 'facet/validate'];
const GENERATED = ['src/gen', 'proto/image.binpb'];
const bin = join(root, 'node_modules/.bin');

function buf(...args) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const run = spawnSync(join(bin, 'buf'), args, { cwd: root, env, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`buf ${args[0]} failed:\n${run.stdout}${run.stderr}`);
}

/** The files at a path, by name relative to it; a file has one, named "". */
function files(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [''];
  return readdirSync(path).flatMap((name) => files(join(path, name)).map((inner) => join(name, inner)));
}

function stale(made, committed) {
  const names = new Set([...files(made), ...files(committed)]);
  return [...names].filter((name) => {
    const [one, other] = [join(made, name), join(committed, name)];
    return !existsSync(one) || !existsSync(other) || !readFileSync(one).equals(readFileSync(other));
  });
}

await install();
const out = mkdtempSync(join(tmpdir(), 'facet-generate-'));
try {
  mkdirSync(join(out, 'proto'));
  buf('build', '-o', join(out, 'proto/image.binpb'));
  buf('generate', '-o', out);
  for (const path of WITHOUT_TYPES) rmSync(join(out, 'src/gen', path), { recursive: true, force: true });
  if (process.argv.includes('--check')) {
    const differ = GENERATED.flatMap((path) =>
      stale(join(out, path), join(root, path)).map((name) => join(path, name)),
    );
    if (differ.length > 0)
      throw new Error(`generated files are not fresh; run npm run generate:\n  ${differ.join('\n  ')}`);
  } else {
    for (const path of GENERATED) {
      rmSync(join(root, path), { recursive: true, force: true });
      cpSync(join(out, path), join(root, path), { recursive: true });
    }
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
