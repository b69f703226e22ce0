import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { restAs } from '../support/rest.js';
import { ADA } from './cases/case.js';
import { lettaFor } from './letta.js';

const RUNS = 100;

/** Any text but NUL, which no store keeps. */
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((each) => each.replaceAll('\0', ''));
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 28, 0.1, 1e21, 5e-324, Number.MAX_VALUE, 2 ** 53),
);
const name = fc.oneof(
  text.filter((each) => each !== '__proto__'),
  fc.constantFrom('', '$where', 'a.b', 'constructor', 'toString', '0', 'null'),
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4 }),
  ),
}));
const value = fc.oneof(text, number, fc.boolean(), fc.dictionary(name, json, { maxKeys: 5 }));
const property = fc.record({
  key: fc.oneof(
    text.filter((each) => each !== ''),
    fc.constantFrom('__proto__', 'constructor', '$set', 'a.b'),
  ),
  type: fc.constantFrom('string', 'number', 'boolean', 'json'),
  value,
});

/** What a client can say of a value: JSON has no -0. */
const asSent = <T>(given: T): T => JSON.parse(JSON.stringify(given));

forEachApp('agents property values', {}, (test, context) => {
  test('every value comes back as it went in, through client, gateway, service and store', async () => {
    const { client } = await lettaFor(context().app, 'values');
    const { id } = await client.identities.create({ ...ADA, identity_type: 'user' });
    await fc.assert(
      fc.asyncProperty(fc.array(property, { maxLength: 6 }), async (given) => {
        const body = given as never;
        const answered = await client.identities.properties.upsert(id, { body });
        // uvu's own comparison reads `constructor`, which may be a value here.
        assert.ok(isDeepStrictEqual((answered as { properties: unknown }).properties, asSent(given)));
        assert.ok(isDeepStrictEqual((await client.identities.retrieve(id)).properties, asSent(given)));
      }),
      { numRuns: RUNS },
    );
  });

  test('numbers are kept as they are or refused, never rounded', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('numbers', 'agents'));
    const put = async (number: string) =>
      rest(
        'PUT',
        '/v1/identities/',
        `{"identifier_key":"n","name":"","identity_type":"user",
        "properties":[{"key":"n","type":"number","value":${number}},{"key":"o","type":"json","value":{"n":[${number}]}}]}`,
      );
    for (const kept of ['28', '-1.5', '9007199254740992', '1e3', '0.1', '1.7976931348623157e308']) {
      const { status, body } = await put(kept);
      assert.is(status, 200, kept);
      assert.equal(
        body.properties.map((each: { value: unknown }) => each.value),
        [Number(kept), { n: [Number(kept)] }],
      );
    }
    for (const refused of ['9007199254740993', '0.1000000000000000000001', '1e400', '12345678901234567890']) {
      const { status, body } = await put(refused);
      assert.is(status, 422, refused);
      assert.match(body.detail, /properties\[0\]\.value .*; .*properties\[1\]\.value/);
    }
    for (const broken of ['NaN', '01', '+1', '.5']) assert.is((await put(broken)).status, 422, broken);
  });

  test('what no store can keep is refused where it stands, and nothing is written', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('refused', 'agents'));
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const create = (valueText: string) =>
      rest(
        'POST',
        '/v1/identities/',
        `{"identifier_key":"k","name":"n","identity_type":"user",
        "properties":[{"key":"p","type":"json","value":${valueText}}]}`,
      );
    for (const bad of ['"a\\u0000b"', '{"\\u0000":1}', '{"__proto__":{"x":1}}', '"\\ud800"', nested(33)]) {
      const { status, body } = await create(bad);
      assert.is(status, 422, bad);
      assert.match(body.detail, /properties|surrogate/, `${bad}: ${body.detail}`);
    }
    assert.is((await rest('GET', '/v1/identities/count')).body, 0);
    assert.is((await create(nested(32))).status, 200);
    assert.is(({} as { x?: unknown }).x, undefined);
  });

  test('properties of 512 KiB are kept, and more are refused', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('large', 'agents'));
    const create = (length: number) =>
      rest('PUT', '/v1/identities/', {
        ...ADA,
        properties: [{ key: 'p', type: 'string', value: 'x'.repeat(length) }],
      });
    assert.is((await create(500 * 1024)).status, 200);
    const refused = await create(513 * 1024);
    assert.equal(
      [refused.status, refused.body.detail],
      [422, 'properties must be at most 524288 bytes of JSON in all'],
    );
  });
});
