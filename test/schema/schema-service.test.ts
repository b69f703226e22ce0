import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { IdentitySchema, SchemaServiceDefinition } from '../../src/gen/facet/v1/schema_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { type GrpcClient, grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';
import { restAs } from '../support/rest.js';
import { documentOf, identifier } from './documents.js';

const schemaOf = (id: string, document: object, etag = ''): { schema: IdentitySchema } => ({
  schema: { ...IdentitySchema.decode(new Uint8Array()), id, document, etag },
});

forEachApp('facet.v1.SchemaService', {}, (test, context) => {
  let schemas: GrpcClient<typeof SchemaServiceDefinition>;
  let foreign: GrpcClient<typeof SchemaServiceDefinition>;
  test.before(async () => {
    const { app } = context();
    schemas = grpcClient(SchemaServiceDefinition, app.grpc, await app.key('schemas', 'core'));
    foreign = grpcClient(SchemaServiceDefinition, app.grpc, await app.key('another', 'core'));
  });
  test.after(() => {
    schemas?.close();
    foreign?.close();
  });

  test('a schema is made, got, changed and deleted', async () => {
    const document = documentOf({ login: identifier(), n: { const: 0.1 } });
    const made = await schemas.createSchema(schemaOf('customer_v1', document));
    assert.equal([made.id, made.document, made.etag], ['customer_v1', document, '1']);
    assert.equal(await schemas.getSchema({ schemaId: 'customer_v1' }), made);
    const changed = await schemas.updateSchema(schemaOf('customer_v1', documentOf({}), '1'));
    assert.equal([changed.document, changed.etag], [documentOf({}), '2']);
    assert.equal(changed.createTime, made.createTime);
    await schemas.deleteSchema({ schemaId: 'customer_v1' });
    await refused(schemas.getSchema({ schemaId: 'customer_v1' }), status.NOT_FOUND, 'SCHEMA_NOT_FOUND');
    await refused(schemas.deleteSchema({ schemaId: 'customer_v1' }), status.NOT_FOUND);
    await refused(schemas.updateSchema(schemaOf('customer_v1', document)), status.NOT_FOUND);
  });

  test('the schema default is there, can be replaced, and comes back', async () => {
    const builtIn = await schemas.getSchema({ schemaId: 'default' });
    assert.is(builtIn.etag, '0');
    assert.match(JSON.stringify(builtIn.document), 'x-facet-field');
    const stale = schemas.updateSchema(schemaOf('default', documentOf({}), '7'));
    await refused(stale, status.ABORTED, 'ETAG_MISMATCH');
    await schemas.updateSchema(schemaOf('default', documentOf({}), '0'));
    assert.equal((await schemas.getSchema({ schemaId: 'default' })).document, documentOf({}));
    assert.equal((await foreign.getSchema({ schemaId: 'default' })).document, builtIn.document);
    await schemas.deleteSchema({ schemaId: 'default' });
    assert.equal(await schemas.getSchema({ schemaId: 'default' }), builtIn);
    await refused(schemas.deleteSchema({ schemaId: 'default' }), status.NOT_FOUND);
  });

  test('a tenant has an id once, another tenant may have it too', async () => {
    const racers = await Promise.allSettled(
      Array.from({ length: 8 }, () => schemas.createSchema(schemaOf('twice', documentOf({})))),
    );
    assert.is(racers.filter(({ status }) => status === 'fulfilled').length, 1);
    const again = schemas.createSchema(schemaOf('twice', documentOf({})));
    await refused(again, status.ALREADY_EXISTS, 'schema.id');
    await foreign.createSchema(schemaOf('twice', documentOf({ theirs: {} })));
    assert.equal((await schemas.getSchema({ schemaId: 'twice' })).document, documentOf({}));
  });

  test('schemas are listed by id, in pages', async () => {
    const { app } = context();
    const lister = grpcClient(SchemaServiceDefinition, app.grpc, await app.key('lister', 'core'));
    for (const id of ['c', 'a', 'b']) await lister.createSchema(schemaOf(id, documentOf({})));
    const first = await lister.listSchemas({ pageSize: 2 });
    const second = await lister.listSchemas({ pageSize: 2, pageToken: first.nextPageToken });
    assert.equal(
      [first, second].map((page) => page.schemas.map(({ id }) => id)),
      [['a', 'b'], ['c']],
    );
    assert.is(second.nextPageToken, '');
    const elsewhere = foreign.listSchemas({ pageSize: 2, pageToken: first.nextPageToken });
    await refused(elsewhere, status.INVALID_ARGUMENT, 'page_token');
    lister.close();
  });

  for (const [what, document] of [
    ['a catastrophic pattern', documentOf({ a: { pattern: '^(a+)+$' } })],
    ['a catastrophic pattern of names', documentOf({ a: { patternProperties: { '(x*)*y': {} } } })],
    ['a pattern that cannot be read', documentOf({ a: { pattern: '(' } })],
    ['a remote $ref', documentOf({ a: { $ref: 'https://example.com/a.json' } })],
    ['a ring of $refs', documentOf({ a: { $ref: '#/properties/traits' } })],
    ['what the dialect does not know', documentOf({ a: { type: 'text' } })],
    ['an unknown format', documentOf({ a: { format: 'shoe-size' } })],
    ['300 KiB', documentOf({ a: { description: 'x'.repeat(300_000) } })],
  ] as const) {
    test(`${what} is refused when it is put, and told`, async () => {
      const made = schemas.createSchema(schemaOf('hostile', document));
      await refused(made, status.INVALID_ARGUMENT, 'schema.document');
      const changed = schemas.updateSchema(schemaOf('default', document));
      await refused(changed, status.INVALID_ARGUMENT, 'schema.document');
      await refused(schemas.getSchema({ schemaId: 'hostile' }), status.NOT_FOUND);
    });
  }

  for (const id of ['', '-a', 'a/b', 'a b', 'ä', 'a'.repeat(129)]) {
    test(`"${id.slice(0, 10)}" is no id`, async () => {
      const made = schemas.createSchema(schemaOf(id, documentOf({})));
      await refused(made, status.INVALID_ARGUMENT, 'schema.id');
    });
  }

  test('over REST: by PUT and DELETE, with conditions', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('rest-schemas', 'core'));
    const made = await rest('POST', '/v1/schemas', { id: 'r1', document: documentOf({}) });
    assert.equal([made.status, made.headers.get('etag')], [200, '"1"']);
    const change = { document: documentOf({ a: {} }) };
    assert.is((await rest('PUT', '/v1/schemas/r1', change, { 'if-match': '"9"' })).status, 412);
    const changed = await rest('PUT', '/v1/schemas/r1', change, { 'if-match': '"1"' });
    assert.equal([changed.status, changed.body.etag], [200, '2']);
    assert.is((await rest('PUT', '/v1/schemas/none', change)).status, 404);
    assert.is((await rest('POST', '/v1/schemas', { id: 'r2' })).status, 400);
    const writer = restAs(app.rest, await app.key('rest-schemas', 'core', 'read', 'write'));
    assert.is((await writer('GET', '/v1/schemas/r1')).status, 200);
    assert.is((await writer('DELETE', '/v1/schemas/r1')).status, 403);
    assert.is((await rest('DELETE', '/v1/schemas/r1')).status, 200);
  });
});
