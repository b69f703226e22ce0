import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { builtInSchema } from '../../src/domain/schema/default-schema.js';
import type { SchemaObject } from '../../src/domain/schema/identity-schema.js';
import { readTraits } from '../../src/domain/schema/read-traits.js';
import { documentOf, identifier } from './documents.js';

const reading = suite('readTraits');
const read = (document: object, traits: unknown) => readTraits(document as SchemaObject, traits);

reading('the built-in schema marks e-mail and name', () => {
  const document = JSON.parse(builtInSchema('acme').document);
  const traits = { email: ' Ada@Example.COM ', name: { first: 'Ada', last: 'Byron' } };
  const { facts, violations } = read(document, traits);
  assert.equal(violations, []);
  assert.equal(facts, {
    identifiers: [{ credential: 'password', value: 'ada@example.com' }],
    verifiable: [{ value: 'ada@example.com', via: 'email' }],
    recovery: [{ value: 'ada@example.com', via: 'email' }],
    names: { givenName: 'Ada', familyName: 'Byron' },
  });
});

reading('marks are found in items, in allOf and behind $ref, each value once', () => {
  const document = documentOf(
    {
      emails: { type: 'array', items: { $ref: '#/definitions/email' } },
      login: { allOf: [identifier(), { 'x-facet-field': 'display_name' }] },
      pair: { items: [{}, { 'x-facet-field': 'job_title' }] },
      phone: { 'ory.sh/kratos': { verification: { via: 'sms' } } },
    },
    { definitions: { email: identifier('email') } },
  );
  const { facts } = read(document, {
    emails: ['a@b.co', 'c@d.co', 'A@B.co'],
    login: 'Ada',
    pair: ['x', 'Analyst'],
    phone: '+491701234567',
  });
  assert.equal(
    facts.identifiers.map(({ value }) => value),
    ['a@b.co', 'c@d.co', 'ada'],
  );
  assert.equal(facts.verifiable, [
    { value: 'a@b.co', via: 'email' },
    { value: 'c@d.co', via: 'email' },
    { value: '+491701234567', via: 'sms' },
  ]);
  assert.equal(facts.names, { displayName: 'Ada', jobTitle: 'Analyst' });
});

reading('places of 2020-12 are read by their place, the rest by items', () => {
  const list = {
    prefixItems: [{ 'x-facet-field': 'given_name' }],
    items: { 'x-facet-field': 'family_name' },
  };
  assert.equal(read(documentOf({ list }), { list: ['Ada', 'Byron', 'King'] }).facts.names, {
    givenName: 'Ada',
    familyName: 'Byron',
  });
});

reading('what is absent, blank or no text is no fact', () => {
  const document = documentOf({
    a: identifier(),
    b: identifier(),
    c: identifier(),
    d: { 'x-facet-field': 'job_title' },
  });
  const { facts } = read(document, { a: '  ', b: 7, c: null, d: '' });
  assert.equal(facts, { identifiers: [], verifiable: [], recovery: [], names: {} });
});

reading('an address that is none of its kind is told by its path', () => {
  const document = documentOf({ mail: { items: identifier('email') }, 'a"b': identifier('sms') });
  const { violations } = read(document, { mail: ['a@b.co', 'nobody'], 'a"b': '0170' });
  assert.equal(
    [...new Set(violations.map(({ field, description }) => `${field} ${description}`))],
    ['traits["mail"][1] must be an e-mail address', 'traits["a\\"b"] must be + and 7 to 15 digits'],
  );
});

reading('identifiers are equal whatever their case and composition', () => {
  const document = documentOf({ a: identifier() });
  const value = (a: string) => read(document, { a }).facts.identifiers[0]!.value;
  assert.is(value('JOSE\u0301'), value('jos\u00e9'));
});

reading.run();
