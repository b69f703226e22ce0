import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileTraitsCheck } from '../../src/services/schema/traits-check.js';
import { documentOf, identifier } from './documents.js';

const check = suite('the check of traits');
const compiled = (document: object) => {
  const judge = compileTraitsCheck({
    id: 'a',
    tenant: 'acme',
    version: 1,
    document: JSON.stringify(document),
    createTime: '',
    updateTime: '',
  });
  return (traits: unknown) => judge(traits, JSON.stringify(traits));
};

const WRONG: readonly (readonly [string, object, unknown, string, string])[] = [
  ['type', { a: { type: 'string' } }, { a: 7 }, 'traits["a"]', 'must be string'],
  ['format', { a: { format: 'email' } }, { a: 'nobody' }, 'traits["a"]', 'must match format "email"'],
  ['format', { a: { format: 'tel' } }, { a: '0170' }, 'traits["a"]', 'must match format "tel"'],
  [
    'pattern',
    { 'a/b~c': { pattern: '^x$' } },
    { 'a/b~c': 'y' },
    'traits["a/b~c"]',
    'must match pattern "^x$"',
  ],
  ['maxItems', { a: { maxItems: 1 } }, { a: [1, 2] }, 'traits["a"]', 'must NOT have more than 1 items'],
  ['type', { a: { items: { type: 'string' } } }, { a: ['x', 1] }, 'traits["a"][1]', 'must be string'],
  ['required', { a: { required: ['b'] } }, { a: {} }, 'traits["a"]["b"]', 'is required'],
  ['required', { a: { required: ['toString'] } }, { a: {} }, 'traits["a"]["toString"]', 'is required'],
  [
    'additionalProperties',
    { a: { additionalProperties: false } },
    { a: { x: 1 } },
    'traits["a"]',
    'must NOT have additional properties: "x"',
  ],
];

for (const [rule, properties, traits, field, description] of WRONG) {
  check(`${rule} names the trait and the rule: ${field} ${description}`, () => {
    const [violation, ...more] = compiled(documentOf(properties))(traits).violations;
    assert.equal(violation, { field, description, rule: `schema.${rule}` });
    assert.equal(more, []);
  });
}

check('2020-12 is spoken, and draft-07 is another dialect', () => {
  const properties = { list: { prefixItems: [{ type: 'string' }], items: false } };
  const newer = documentOf(properties, { $schema: 'https://json-schema.org/draft/2020-12/schema' });
  assert.is(compiled(newer)({ list: ['a', 'b'] }).violations.length, 1);
  assert.is(compiled(newer)({ list: ['a'] }).violations.length, 0);
  const older = documentOf({ list: { items: [{ type: 'string' }], additionalItems: false } });
  assert.is(compiled(older)({ list: ['a', 'b'] }).violations.length, 1);
});

check('keywords that nobody knows are notes', () => {
  assert.equal(compiled(documentOf({ a: { 'x-order': 1, 'my-own': {} } }))({ a: 1 }).violations, []);
});

check('facts are read of valid traits only', () => {
  const judge = compiled(documentOf({ login: identifier(), age: { type: 'number' } }));
  assert.equal(judge({ login: 'ada', age: 'x' }).facts.identifiers, []);
  assert.equal(judge({ login: 'ada', age: 1 }).facts.identifiers, [{ credential: 'password', value: 'ada' }]);
});

/** Schemas and traits that would keep a processor busy for long, had the first not been refused when it was put. */
const SLOW: readonly (readonly [string, object, object])[] = [
  ['an exponential pattern', { a: { pattern: '^(a+)+$' } }, { a: `${'a'.repeat(60)}!` }],
  [
    'items compared with each other',
    { a: { uniqueItems: true } },
    { a: Array.from({ length: 60_000 }, (_, n) => [n]) },
  ],
];

for (const [what, properties, traits] of SLOW) {
  check(`${what}: given up soon`, () => {
    const judge = compiled(documentOf(properties));
    // Long enough to be watched.
    const padded = { ...traits, padding: 'x'.repeat(20_000) };
    const started = performance.now();
    const { violations } = judge(padded);
    const took = performance.now() - started;
    assert.equal(
      violations.map(({ rule }) => rule),
      ['schema.time'],
    );
    assert.ok(took < 400, `${took} ms`);
  });
}

check('large traits by a plain schema are checked in time', () => {
  const judge = compiled(documentOf({ list: { type: 'array', items: { type: 'object', required: ['n'] } } }));
  const traits = { list: Array.from({ length: 5000 }, (_, n) => ({ n })) };
  assert.equal(judge(traits).violations, []);
});

check.run();
