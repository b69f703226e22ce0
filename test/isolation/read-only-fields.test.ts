import type { DescField, DescMessage } from '@bufbuild/protobuf';
import * as assert from 'uvu/assert';
import { identities } from '../../src/services/identity/collection.js';
import { forEachApp } from '../support/for-each-app.js';
import { type Caller, createCaller, type Json } from './callers.js';
import { fillRequest } from './fill.js';
import { type Operation, operations } from './operations.js';
import { type Seeded, seed } from './seed.js';

const PLANTED_TEXT = 'planted-4a91';
const PLANTED_TIME = '1999-12-31T00:00:00Z';

/** Fields that only we write, in messages that serve as request and as answer. */
const OURS =
  /^(tenant|tenant_id|linkedin|mailbox|written_by|(create|update|state_change|verified|delete)_time|.*_at)$/;

/** The message that a method's JSON body is read as. */
function bodyOf({ method, http }: Operation): DescMessage | undefined {
  if (http === undefined || http.body === '') return undefined;
  if (http.body === '*') return method.input;
  return method.input.fields.find(({ name }) => name === http.body)?.message;
}

/** The fields of an answer, those of the resource within it too. */
function shown(output: DescMessage): DescField[] {
  return [output, ...output.fields.flatMap(({ message }) => message ?? [])].flatMap(({ fields }) => fields);
}

/** What an answer shows, and a request has no field for or must not decide, each with a value of its kind. */
function readOnlyMembers(operation: Operation, body: DescMessage): Json {
  const writable = new Set(body.fields.map(({ name }) => name).filter((name) => !OURS.test(name)));
  const members = shown(operation.method.output)
    .filter(({ name }) => !writable.has(name))
    .map((field) => [operation.http!.protoNames ? field.name : field.jsonName, planted(field)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function planted(field: DescField): string | undefined {
  if (/(_time|_at)$/.test(field.name)) return PLANTED_TIME;
  if (field.fieldKind === 'scalar' || field.message?.typeName === 'google.protobuf.StringValue')
    return PLANTED_TEXT;
  return undefined;
}

const writes = operations().flatMap((operation) => {
  const body = bodyOf(operation);
  if (body === undefined || (operation.scope !== 'write' && operation.scope !== 'admin')) return [];
  const members = readOnlyMembers(operation, body);
  return Object.keys(members).length > 0 ? [{ operation, members }] : [];
});

forEachApp('read-only fields', {}, (test, context) => {
  let caller: Caller;
  let seeded: Seeded;
  let key: string;

  test.before(async () => {
    const { app } = context();
    caller = createCaller(app);
    key = await app.key('owner');
    seeded = await seed(app.grpc, key);
  });
  test.after(() => caller?.close());

  for (const [number, { operation, members }] of writes.entries()) {
    test(`${operation.name} lets nobody write ${Object.keys(members).join(', ')}`, async () => {
      const request = fillRequest(operation, { ...seeded.owned, external_id: `given-${number}` });
      const { seen } = await caller.call(operation, request, key, members);
      const refused = /^HTTP 4\d\d/.test(seen) && Object.keys(members).some((name) => seen.includes(name));
      if (!refused) assert.not.match(seen, PLANTED_TEXT, seen);
      assert.not.match(seen, /^HTTP 5/);
      const { store } = context().app;
      const stored = JSON.stringify(await store.find(identities, { tenant: 'owner', limit: 100 }));
      assert.ok(stored.includes(seeded.canary));
      assert.not.match(stored, PLANTED_TEXT);
      assert.not.match(stored, PLANTED_TIME.slice(0, 10));
    });
  }
});
