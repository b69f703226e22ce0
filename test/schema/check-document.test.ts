import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkDocument } from '../../src/domain/schema/check-document.js';
import { documentOf, identifier, nested } from './documents.js';

const check = suite('checkDocument');
const faults = (document: unknown) => checkDocument(JSON.stringify(document)).faults;

const doubling = Object.fromEntries(
  Array.from({ length: 20 }, (_, n) => {
    const next = { $ref: `#/definitions/d${n + 1}` };
    return [`d${n}`, n === 19 ? { type: 'string' } : { allOf: [next, next] }];
  }),
);
const many = (count: number, of: (n: number) => object) =>
  documentOf(Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, of(n)])));

/** What is refused, the document, and a part of what is said of it. */
const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ['no object', [], 'must be an object'],
  ['no traits', { type: 'object' }, '/properties/traits'],
  ['traits that are no schema', { properties: { traits: true } }, '/properties/traits'],
  ['another dialect', documentOf({}, { $schema: 'http://json-schema.org/draft-04/schema#' }), '/$schema'],
  ['a remote $ref', documentOf({ a: { $ref: 'https://example.com/a.json' } }), '$ref: must point into'],
  ['a $ref to a file', documentOf({ a: { $ref: 'file:///etc/passwd' } }), '$ref: must point into'],
  ['a $ref that points at nothing', documentOf({ a: { $ref: '#/definitions/a' } }), '$ref: must point into'],
  [
    'a $ref that is no URI',
    documentOf({ a: { $ref: '#/definitions/%' } }, { definitions: { '%': {} } }),
    '$ref: must point into',
  ],
  ['a $ref that is no text', documentOf({ a: { $ref: 7 } }), '$ref: must point into'],
  ['a $ref to what objects inherit', documentOf({ a: { $ref: '#/toString' } }), '$ref: must point into'],
  ['a $ref to itself', documentOf({ a: { $ref: '#/properties/traits/properties/a' } }), 'refers to itself'],
  ['a $ref to the whole', documentOf({ a: { $ref: '#' } }), 'refers to itself'],
  [
    'a ring of $refs',
    documentOf(
      { a: { $ref: '#/definitions/a' } },
      { definitions: { a: { items: { $ref: '#/definitions/b' } }, b: { not: { $ref: '#/definitions/a' } } } },
    ),
    'refers to itself',
  ],
  [
    '$refs that double twenty times',
    documentOf({ a: { $ref: '#/definitions/d0' } }, { definitions: doubling }),
    'more than 1000 schemas',
  ],
  ['an id below the top', documentOf({ a: { $id: 'https://example.com/a' } }), '$id: only the document'],
  ['$async, whose answer is a promise', documentOf({}, { $async: true }), '$async: is not supported'],
  ['$dynamicRef', documentOf({ a: { $dynamicRef: '#a' } }), '$dynamicRef: is not supported'],
  ['$anchor', documentOf({ a: { $anchor: 'a' } }), '$anchor: is not supported'],
  ['17 levels of properties', documentOf({ a: nested(16) }), 'deeper than 32 levels'],
  ['more than 64 KiB', documentOf({ a: { description: 'x'.repeat(65_536) } }), 'at most 65536 bytes'],
  ['a megabyte', documentOf({ a: { enum: ['x'.repeat(1 << 20)] } }), 'at most 65536 bytes'],
  ['a thousand properties', many(1000, () => ({})), 'more than 1000 schemas'],
  ['six lists whose items must differ', many(6, () => ({ uniqueItems: true })), 'more than 1000 schemas'],
  ['33 patterns', many(33, (n) => ({ pattern: `^${n}` })), 'more than 32 patterns'],
  ['a mark that is no object', documentOf({ a: { 'ory.sh/kratos': true } }), 'must be an object'],
  [
    'a way of verifying that is none',
    documentOf({ a: { 'ory.sh/kratos': { verification: { via: 'pigeon' } } } }),
    'verification must say via',
  ],
  [
    'a field that is none',
    documentOf({ a: { 'x-facet-field': 'password' } }),
    'x-facet-field must be one of',
  ],
  ['a mark in one of several', documentOf({ a: { anyOf: [identifier()] } }), 'marks stand below'],
  ['a mark in a negation', documentOf({ a: { not: identifier() } }), 'marks stand below'],
  [
    'a mark that is referred to from one of several',
    documentOf({ a: { oneOf: [{ $ref: '#/definitions/a' }] } }, { definitions: { a: identifier() } }),
    'marks stand below',
  ],
];

for (const [what, document, said] of REFUSED) {
  check(`${what} is refused`, () => {
    const found = faults(document);
    assert.ok(
      found.some((fault) => fault.includes(said)),
      JSON.stringify(found),
    );
  });
}

check('what only text can say is refused, too', () => {
  const deep = `${'{"not":'.repeat(6000)}{}${'}'.repeat(6000)}`;
  assert.match(checkDocument(deep).faults.join(), 'deeper than 32 levels');
  const proto = checkDocument('{"properties":{"traits":{"__proto__":{}}}}').faults;
  assert.match(proto.join(), '__proto__: must not be a key');
});

const TAKEN: readonly (readonly [string, object])[] = [
  ['draft-07', documentOf({}, { $schema: 'http://json-schema.org/draft-07/schema#' })],
  ['2020-12', documentOf({}, { $schema: 'https://json-schema.org/draft/2020-12/schema' })],
  ['an id of its own', documentOf({}, { $id: 'https://schemas.example/person.schema.json' })],
  ['13 levels of properties', documentOf({ a: nested(12) })],
  [
    'a definition that two refer to',
    documentOf(
      { a: { $ref: '#/definitions/a~1b%25' }, b: { $ref: '#/definitions/a~1b%25' } },
      { definitions: { 'a/b%': identifier('email') } },
    ),
  ],
  [
    'marks in items and in allOf',
    documentOf({ a: { type: 'array', items: { allOf: [identifier('sms')] } } }),
  ],
  ['properties with the names of keywords', documentOf({ $ref: {}, $id: {}, $async: {}, pattern: {} })],
  ['a mark that asks for nothing', documentOf({ a: { 'ory.sh/kratos': { verification: {} } } })],
];

for (const [what, document] of TAKEN) check(`${what} is taken`, () => assert.equal(faults(document), []));

check('what is to be looked into is found, also behind a $ref', () => {
  const document = documentOf(
    {
      a: { $ref: '#/x-parts/a' },
      b: { patternProperties: { '^b': { format: 'email' } } },
      c: { const: { pattern: 'no pattern' } },
    },
    { 'x-parts': { a: { items: { pattern: '^a$' } } } },
  );
  const { patterns, formats } = checkDocument(JSON.stringify(document));
  assert.equal([patterns, formats], [['^a$', '^b'], ['email']]);
});

check.run();
