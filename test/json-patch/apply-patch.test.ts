import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { applyPatch as applyByRfc6902 } from 'rfc6902';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { applyPatch, type PatchOperation } from '../../src/domain/json-patch/apply-patch.js';
import type { Json } from '../../src/domain/json-patch/json.js';
import { processorTime } from '../support/processor-time.js';

interface Vector {
  readonly comment?: string;
  readonly doc: Json;
  readonly patch: PatchOperation[];
  readonly expected?: Json;
  readonly error?: string;
  readonly disabled?: boolean;
}

const patch = suite('JSON Patch');
const require = createRequire(import.meta.url);
const vectorsOf = (name: string): Vector[] =>
  JSON.parse(readFileSync(require.resolve(`json-patch-test-suite/${name}.json`), 'utf8'));

/** Where a patch fails; undefined where it does not. */
const faultOf = (document: Json, operations: readonly PatchOperation[]) => {
  try {
    applyPatch(document, operations);
    return undefined;
  } catch (error) {
    if (error instanceof FacetError) return error.violations[0]!;
    throw error;
  }
};

for (const name of ['spec_tests', 'tests']) {
  vectorsOf(name)
    .filter(({ doc, disabled }) => doc !== undefined && !disabled)
    .forEach(({ comment, doc, patch: operations, expected, error }, at) => {
      patch(`${name} ${at}: ${comment ?? error ?? JSON.stringify(operations)}`, () => {
        const before = JSON.stringify(doc);
        // The vectors leave out the path in one case, which no message can.
        const given = operations.map((each) => ({ ...each, path: each.path ?? 'none' }));
        if (error !== undefined) assert.ok(faultOf(doc, given), error);
        else {
          const after = applyPatch(doc, given);
          if (expected !== undefined) assert.equal(after, expected);
        }
        assert.is(JSON.stringify(doc), before);
      });
    });
}

for (const [what, operations, field] of [
  ['a test that fails', [{ op: 'test', path: '/a', value: 2 }], 'operations[0].value'],
  ['a path that is not there', [{ op: 'remove', path: '/b' }], 'operations[0].path'],
  [
    'the second operation',
    [
      { op: 'add', path: '/b', value: 1 },
      { op: 'remove', path: '/c' },
    ],
    'operations[1].path',
  ],
  ['a pointer that is none', [{ op: 'add', path: 'a', value: 1 }], 'operations[0].path'],
  ['a bad escape', [{ op: 'add', path: '/a~2', value: 1 }], 'operations[0].path'],
  ['a missing value', [{ op: 'add', path: '/b' }], 'operations[0].value'],
  ['a missing from', [{ op: 'copy', path: '/b' }], 'operations[0].from'],
  ['what objects inherit', [{ op: 'test', path: '/toString', value: null }], 'operations[0].path'],
  ['an operation that every object has', [{ op: 'toString', path: '/a' }], 'operations[0].op'],
  ['a move into itself', [{ op: 'move', from: '/o', path: '/o/p' }], 'operations[0].from'],
  [
    'a move of what is not there to its place',
    [{ op: 'move', from: '/x', path: '/x' }],
    'operations[0].from',
  ],
  ['__proto__', [{ op: 'add', path: '/__proto__/x', value: 1 }], 'operations[0].path'],
  ['__proto__ as source', [{ op: 'copy', from: '/__proto__', path: '/x' }], 'operations[0].from'],
  ['below a number', [{ op: 'add', path: '/a/b', value: 1 }], 'operations[0].path'],
  ['the whole removed', [{ op: 'remove', path: '' }], 'operations[0].path'],
] as const) {
  patch(`${what} is told at ${field}`, () => {
    const document = { a: 1, o: { p: 1 } };
    assert.is(faultOf(document, operations)?.field, field);
    assert.equal(document, { a: 1, o: { p: 1 } });
    assert.is(({} as { x?: unknown }).x, undefined);
  });
}

patch('parents are made where that is asked for, and for add and its kin only', () => {
  const makesParents = ([top]: readonly string[]) => top === 'metadata';
  const run = (document: Json, ...operations: PatchOperation[]) =>
    applyPatch(document, operations, { makesParents });
  const add: PatchOperation = { op: 'add', path: '/metadata/a/b', value: 1 };
  assert.equal(run({ metadata: null }, add), { metadata: { a: { b: 1 } } });
  assert.equal(run({}, add), { metadata: { a: { b: 1 } } });
  assert.equal(run({ metadata: { a: {} } }, add), { metadata: { a: { b: 1 } } });
  assert.equal(run({ x: 1 }, { op: 'copy', from: '/x', path: '/metadata/y' }), { x: 1, metadata: { y: 1 } });
  for (const document of [{ metadata: { a: null } }, { metadata: { a: 1 } }, { metadata: 'text' }])
    assert.throws(() => run(document, add));
  assert.throws(() => run({}, { op: 'add', path: '/other/a', value: 1 }));
  assert.throws(() => run({ metadata: null }, { op: 'replace', path: '/metadata/a', value: 1 }));
  assert.throws(() => run({ metadata: null }, { op: 'remove', path: '/metadata/a' }));
});

patch('a value that is added is not shared with the patch', () => {
  const value = { list: [1] };
  const after = applyPatch({}, [
    { op: 'add', path: '/a', value },
    { op: 'copy', from: '/a', path: '/b' },
    { op: 'add', path: '/a/list/-', value: 2 },
  ]);
  assert.equal(after, { a: { list: [1, 2] }, b: { list: [1] } });
  assert.equal(value, { list: [1] });
});

patch('a patch that copies itself large, deep or endlessly compared is refused in time', () => {
  const spent = processorTime();
  const copies = Array.from({ length: 60 }, (_, n) => ({ op: 'copy', from: '/a', path: `/a/${n}` }));
  assert.match(faultOf({ a: {} }, copies)!.rule, /^patch\.(work|depth)$/);
  const wide = Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }));
  assert.match(faultOf({ a: [1, 2, 3] }, wide)!.rule, /^patch\.(work|depth)$/);
  const list = Array.from({ length: 5000 }, (_, n) => n);
  const tests = Array.from({ length: 5000 }, () => ({ op: 'test', path: '/l', value: list }));
  assert.is(faultOf({ l: list }, tests)!.rule, 'patch.work');
  assert.ok(spent() < 1000);
});

patch('random patches do what another implementation does', () => {
  const key = fc.constantFrom('a', 'b', '0', '1', '-', 'x~1y', 'm~0n');
  const pointer = fc
    .array(key, { maxLength: 3 })
    .map((tokens) => tokens.map((token) => `/${token}`).join(''));
  // Lists and numbers are left to the vectors: the other one adds below a number, and replaces at any token of a list.
  const value = fc.constantFrom<Json>(null, {}, { a: { b: null }, b: {} }, { '0': { '1': null } });
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
    path: pointer,
    from: pointer,
    value,
  });
  const document = { a: { b: { a: {} }, '0': {} }, b: { a: {}, 'x/y': {} }, 'm~n': {} };
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 3 }), (operations) => {
      // It is less strict about the whole document and moves into oneself: the vectors have those.
      const known = operations.every(
        ({ op, path, from }) => path !== '' && from !== '' && !(op === 'move' && path.startsWith(from)),
      );
      fc.pre(known);
      const other = structuredClone(document);
      const failed = applyByRfc6902(other, operations as never).some((result) => result !== null);
      assert.is(
        faultOf(document, operations as PatchOperation[]) !== undefined,
        failed,
        JSON.stringify(operations),
      );
      if (!failed) assert.equal(applyPatch(document, operations as PatchOperation[]), other);
    }),
    { numRuns: 3000 },
  );
});

patch.run();
