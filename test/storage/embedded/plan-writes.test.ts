import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Found, type Held, planWrites, type Write } from '../../../src/storage/embedded/plan-writes.js';
import { ClaimTakenError } from '../../../src/storage/errors.js';

const test = suite('plan of a group of writes');

const key = (id: string) => ({ tenant: 't', id });
const document = (...claims: string[]) => ({
  json: '{}',
  claims,
  tokens: claims.map((claim) => `token ${claim}`),
  fields: {},
});
const insert = (id: string, ...claims: string[]): Write => ({
  kind: 'insert',
  key: key(id),
  document: document(...claims),
});
const replace = (id: string, revision: number, ...claims: string[]): Write => ({
  kind: 'replace',
  key: key(id),
  revision,
  document: document(...claims),
});
const remove = (id: string, revision?: number): Write => ({ kind: 'remove', key: key(id), revision });
const found = (held: Record<string, Held>): Found => ({
  documents: new Map(Object.entries(held).map(([id, document]) => [`t/${id}`, document])),
  holders: new Map(
    Object.entries(held).flatMap(([id, { claims }]) => claims.map((claim) => [`t/${claim}`, id] as const)),
  ),
});
const held = (revision: number, ...claims: string[]): Held => ({
  revision,
  claims,
  tokens: claims.map((claim) => `token ${claim}`),
});

/** The outcomes in short: a revision, "stale", or the holder of the claim that was taken. */
function plan(writes: readonly Write[], before: Record<string, Held> = {}) {
  const made = planWrites(writes, found(before));
  const ends = made.outcomes.map((outcome) => {
    if (!('error' in outcome)) return outcome.revision ?? 'stale';
    assert.instance(outcome.error, ClaimTakenError);
    return `${outcome.error.claim ?? 'id'} of ${outcome.error.holder}`;
  });
  const texts = (entries: readonly (readonly string[])[]) => entries.map(([, text, id]) => `${id}:${text}`);
  return {
    ends,
    upserts: made.upserts.map(({ key, revision }) => `${key.id}@${revision}`),
    removed: made.removed.map(({ id }) => id),
    out: texts(made.claims.out),
    in: texts(made.claims.in),
    tokensIn: texts(made.tokens.in),
    tokensOut: texts(made.tokens.out),
  };
}

test('a write sees those before it in the group', () => {
  const {
    ends,
    upserts,
    in: taken,
  } = plan([
    insert('a', 'x'),
    replace('a', 1, 'y'),
    replace('a', 1, 'z'),
    insert('b', 'x'),
    insert('c', 'y'),
  ]);
  assert.equal(ends, [1, 2, 'stale', 1, 'y of a']);
  assert.equal(upserts, ['a@2', 'b@1']);
  assert.equal(taken, ['a:y', 'b:x']);
});

test('a claim passes from one document to another', () => {
  const made = plan([replace('a', 4, 'y'), insert('b', 'x')], { a: held(4, 'x') });
  assert.equal([made.ends, made.out, made.in], [[5, 1], ['a:x'], ['a:y', 'b:x']]);
});

test('two documents that swap their claims one after the other end as they should', () => {
  const writes = [replace('a', 1, 'free'), replace('b', 1, 'x'), replace('a', 2, 'y')];
  const made = plan(writes, { a: held(1, 'x'), b: held(1, 'y') });
  assert.equal(
    [made.ends, made.out, made.in],
    [
      [2, 2, 3],
      ['a:x', 'b:y'],
      ['a:y', 'b:x'],
    ],
  );
});

test('what comes and goes within the group leaves nothing', () => {
  const made = plan([insert('a', 'x'), remove('a'), insert('b', 'x'), remove('b', 1)]);
  assert.equal(made.ends, [1, 0, 1, 0]);
  assert.equal([made.upserts, made.removed, made.in, made.out, made.tokensIn], [[], [], [], [], []]);
});

test('a removal and a new start begin at revision 1', () => {
  const made = plan([remove('a'), insert('a', 'x', 'y')], { a: held(7, 'x') });
  assert.equal(
    [made.ends, made.upserts, made.removed, made.in, made.out],
    [[0, 1], ['a@1'], [], ['a:y'], []],
  );
});

test('claims and tokens that stay are not touched', () => {
  const made = plan([replace('a', 1, 'x', 'y')], { a: held(1, 'x', 'w') });
  assert.equal(
    [made.out, made.in, made.tokensOut, made.tokensIn],
    [['a:w'], ['a:y'], ['a:token w'], ['a:token y']],
  );
});

test('a refused write changes nothing for those after it', () => {
  const made = plan([insert('a', 'new', 'x'), insert('b', 'new'), insert('h', 'z'), remove('h', 9)], {
    h: held(1, 'x'),
  });
  assert.equal(made.ends, ['x of h', 1, 'id of h', 'stale']);
  assert.equal([made.in, made.out], [['b:new'], []]);
});

test.run();
