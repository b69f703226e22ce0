import { type DescMessage, fromBinary, isMessage, type Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import * as assert from 'uvu/assert';
import { createKey, revokeKey } from '../../src/services/keys/operations.js';
import { forEachApp } from '../support/for-each-app.js';
import { type Answer, type Caller, createCaller } from './callers.js';
import { fillRequest, type Texts } from './fill.js';
import { choices, type Operation, operations } from './operations.js';
import { nobodys, type Seeded, seed } from './seed.js';

/** What deletes comes last, so that until then there is something to find. */
const all = operations().sort((a, b) => Number(deletes(a)) - Number(deletes(b)));
/** Read-only, and with ids in its path: with the owner's key it finds something, again and again. */
const reads = all.filter(
  ({ scope, ids, method }) => scope === 'read' && ids.size > 0 && !streamsIn(method.methodKind),
);

function deletes({ method }: Operation): boolean {
  return /^(Delete|Remove|Purge)/.test(method.name);
}

function streamsIn(kind: string): boolean {
  return kind === 'client_streaming' || kind === 'bidi_streaming';
}

/** What a create gives to what it makes, where others name a thing by it. */
const GIVEN = ['identifier_key'];

/** Whether the request says which of the tenant's things is meant; what it filters a list by finds nothing instead. */
function names({ method, ids }: Operation, owned: Texts, chosen: readonly string[]): boolean {
  if (ids.size === 0 && method.name.startsWith('List')) return false;
  // Whether there is such a token is its answer, and no error.
  if (method.name.startsWith('Introspect')) return false;
  const gives = (name: string) => method.name.startsWith('Create') && GIVEN.includes(name);
  const named = method.input.fields.filter(
    ({ name, oneof }) => name in owned && !gives(name) && (oneof === undefined || chosen.includes(name)),
  );
  return ids.size > 0 || named.length > 0;
}

forEachApp('isolation', {}, (test, context) => {
  let caller: Caller;
  let seeded: Seeded;
  let ownersKey: string;
  let readOnlyKey: string;
  let revokedKey: string;
  let before: Map<string, string>;

  const snapshot = async () => {
    const seen = new Map<string, string>();
    for (const operation of reads) {
      const request = fillRequest(operation, seeded.owned);
      const { code, seen: answer } = await caller.call(operation, request, ownersKey);
      assert.is(code, 'OK', `${operation.name} with the owner's key: ${answer}`);
      // Times of looking and of sending are the answer's own.
      if (operation.method.methodKind === 'unary' && operation.http !== undefined)
        seen.set(operation.name, answer);
    }
    return seen;
  };

  test.before(async () => {
    const { app } = context();
    caller = createCaller(app);
    ownersKey = await app.key('owner');
    readOnlyKey = await app.key('owner', 'outreach', 'read');
    const revoked = await createKey(app.store, { tenant: 'owner', contract: 'outreach' });
    await revokeKey(app.store, revoked.view.id);
    revokedKey = revoked.key;
    seeded = await seed(app.grpc, ownersKey);
    before = await snapshot();
  });
  test.after(() => caller?.close());

  test('every method of the image is served', () => {
    const { methods } = context().app.app.pipeline;
    const missing = all.filter(({ path }) => !methods.has(path)).map(({ path }) => path);
    assert.equal(missing, []);
  });

  for (const operation of all) {
    if (operation.scope !== 'public') {
      test(`${operation.name} needs a key that is valid`, async () => {
        const request = fillRequest(operation, seeded.owned);
        for (const key of [undefined, 'garbage', `facet_core_${'A'.repeat(43)}`, revokedKey]) {
          const { code, seen } = await caller.call(operation, request, key);
          assert.is(code, 'UNAUTHENTICATED', seen);
          assert.not.match(seen, seeded.canary);
        }
      });
    }
    if (operation.scope === 'write' || operation.scope === 'admin') {
      test(`${operation.name} is not for a read-only key`, async () => {
        const { code, seen } = await caller.call(
          operation,
          fillRequest(operation, seeded.owned),
          readOnlyKey,
        );
        assert.is(code, 'PERMISSION_DENIED', seen);
      });
    }
    for (const chosen of choices(operation.method.input)) {
      if (streamsIn(operation.method.methodKind)) continue;
      const what = chosen.length > 0 ? `${operation.name} by ${chosen}` : operation.name;
      test(`${what} shows another tenant nothing`, async () => {
        // A tenant of its own, in which nothing was made before.
        const key = await context().app.key(`stranger-${all.indexOf(operation)}-${chosen}`);
        const answer = await caller.call(operation, fillRequest(operation, seeded.owned, chosen), key);
        if (names(operation, seeded.owned, chosen)) await refusedAsUnknown(operation, chosen, key, answer);
        else emptyHanded(operation, answer);
      });
    }
    if (operation.ids.size > 1) {
      test(`${operation.name} finds nothing of one identity under another`, async () => {
        const { identity_id, id, profile_id } = seeded.sibling;
        const mixed = { ...seeded.owned, identity_id: identity_id!, id: id!, profile_id: profile_id! };
        const { code, seen } = await caller.call(operation, fillRequest(operation, mixed), ownersKey);
        assert.is(code, 'NOT_FOUND', seen);
      });
    }
  }

  async function refusedAsUnknown(
    operation: Operation,
    chosen: readonly string[],
    key: string,
    answer: Answer,
  ) {
    // What a create refers to is a part of its input.
    const codes = operation.ids.size === 0 ? ['NOT_FOUND', 'INVALID_ARGUMENT', 'HTTP 400'] : ['NOT_FOUND'];
    assert.ok(codes.includes(answer.code), answer.seen);
    const unknown = nobodys(seeded.owned);
    const other = await caller.call(operation, fillRequest(operation, unknown, chosen), key);
    assert.is(withoutIds(answer.seen, seeded.owned), withoutIds(other.seen, unknown));
  }

  /** What names nothing may succeed, in the caller's own tenant: nothing is listed there. */
  function emptyHanded(operation: Operation, { code, seen, messages }: Answer) {
    assert.ok(!/INTERNAL|UNKNOWN|HTTP 5/.test(code), seen);
    assert.not.match(seen, seeded.canary);
    if (operation.scope !== 'read') return;
    assert.ok(code === 'OK' || code === 'NOT_FOUND', seen);
    for (const bytes of messages) assert.equal(listed(operation.method.output, bytes), [], seen);
  }

  test("nothing of the owner's was changed by all that", async () => {
    assert.equal(await snapshot(), before);
  });
});

function withoutIds(text: string, ids: Texts): string {
  return Object.values(ids).reduce((left, id) => left.replaceAll(id, '<id>'), text);
}

/** The lists in an answer that hold something, and counts that are not 0. */
function listed(type: DescMessage, bytes: Uint8Array): string[] {
  const message: Message = fromBinary(type, bytes);
  assert.ok(isMessage(message));
  const fields = reflect(type, message);
  return type.fields
    .filter((field) => field.fieldKind === 'list' || /(^|_)(count|total|total_size)$/.test(field.name))
    .filter((field) => fields.isSet(field))
    .map(({ name }) => name);
}
