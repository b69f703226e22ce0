import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { loadConfig, type Role } from '../../src/config/config.js';
import { SETTINGS } from '../../src/config/settings.js';
import { root } from '../support/root.js';

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

const compose = suite('docker-compose.yml');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const file = parse(text, { merge: true });
const services: Record<string, Service> = file.services;
const ours = Object.entries(services).filter(([, { image }]) => image === 'facet');

/** What `${NAME}`, `${NAME:-default}` and `${NAME:?message}` come to, given what an operator has set. */
function interpolated(value: string, given: Record<string, string>): string {
  return value.replace(
    /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g,
    (_, name, fallback) => given[name] ?? fallback ?? '',
  );
}

compose('is as the compose specification says', () => {
  const schema = JSON.parse(readFileSync(join(root, 'test/deploy/fixtures/compose-spec.json'), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true });
  delete schema.$schema;
  formats.default(ajv);
  const validate = ajv.compile(schema);
  assert.ok(validate(file), JSON.stringify(validate.errors));
  assert.not.ok(validate({ services: { a: { comand: ['x'] } } }));
});

compose('every variable of ours is a setting', () => {
  const named = ours.flatMap(([, { environment = {} }]) => Object.keys(environment));
  assert.ok(named.length > 0);
  assert.equal(
    named.filter((name) => !(name in SETTINGS.shape)),
    [],
  );
});

compose('each of our processes starts with what it is given', () => {
  const given = { FACET_SECRETS_KEY: randomBytes(32).toString('base64') };
  for (const [name, { command, environment = {} }] of ours) {
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, interpolated(value, given)]),
    );
    const role = (['service', 'gateway'] as Role[]).find((each) => command?.[0] === each) ?? 'service';
    assert.not.throws(() => loadConfig(role, env), name);
  }
});

compose('no secret is written in it, and one that is missing is told', () => {
  assert.match(text, '${FACET_SECRETS_KEY:?');
  const literal = ours.flatMap(([, { environment = {} }]) => Object.entries(environment));
  assert.not.ok(literal.some(([name, value]) => /KEY|PASSWORD|SECRET/.test(name) && !value.startsWith('${')));
});

compose('what is needed is there, and is waited for', () => {
  for (const [name, { depends_on = {} }] of Object.entries(services)) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      assert.ok(services[needed], `${name} needs ${needed}`);
      if (condition === 'service_healthy') assert.ok(services[needed].healthcheck?.test, needed);
    }
  }
  const { FACET_GRPC_ADDR } = services.gateway!.environment!;
  assert.equal(
    FACET_GRPC_ADDR!.split(',').map((address) => address.split(':')[0]!),
    Object.keys(services).filter((name) => services[name]?.command?.[0] === 'service'),
  );
});

compose('our containers cannot write, have no rights to drop, and open ports to this machine only', () => {
  assert.is(ours.length, 4);
  for (const [name, { read_only, cap_drop, ports = [], volumes }] of ours) {
    assert.equal([read_only, cap_drop, volumes], [true, ['ALL'], undefined], name);
    assert.ok(
      ports.every((port) => port.startsWith('127.0.0.1:')),
      name,
    );
  }
});

compose('every volume is declared', () => {
  const used = Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.map((each) => each.split(':')[0]!),
  );
  assert.equal(used.sort(), Object.keys(file.volumes).sort());
});

compose.run();
