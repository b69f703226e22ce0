import fc from 'fast-check';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { ClaimTakenError } from '../../../src/storage/errors.js';
import type { Document } from '../../../src/storage/store.js';
import type { StoreContext } from '../../support/stores.js';
import { documentOf } from './document-of.js';
import { at, newTenant, type Thing, things } from './things.js';

const IDS = ['a', 'b', 'c', 'd'];
const CLAIMS = ['x', 'y', 'z'];
const TOKENS = ['red', 'blue'];

const id = fc.constantFrom(...IDS);
const thing: fc.Arbitrary<Thing> = fc.record({
  claims: fc.subarray(CLAIMS).map((some) => ['own', ...some]),
  tokens: fc.subarray(TOKENS),
  rank: fc.constantFrom(null, 1, 2, 3),
});
const step = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), id, thing }),
  fc.record({ kind: fc.constant('replace' as const), id, thing, stale: fc.boolean() }),
  fc.record({ kind: fc.constant('remove' as const), id, revision: fc.constantFrom(undefined, 1, 2) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a store must hold: documents by id, and of each claim the holder. */
function createModel() {
  const documents = new Map<string, { revision: number; body: Thing }>();
  const holder = (claim: string) => [...documents].find(([, { body }]) => body.claims?.includes(claim))?.[0];
  const isTaken = (id: string, { claims = [] }: Thing) =>
    claims.some((claim) => ![undefined, id].includes(holder(claim)));
  return { documents, holder, isTaken };
}

/** Every document keeps one claim for itself, or two with nothing but "own" would meet. */
const ownClaims = (id: string, body: Thing): Thing => ({
  ...body,
  claims: body.claims?.map((claim) => (claim === 'own' ? `own ${id}` : claim)) ?? [],
});

/** How many walks of how many steps. */
export interface ModelSize {
  readonly oneByOne: number;
  readonly atOnce: number;
  readonly steps: { readonly minLength: number; readonly maxLength: number };
}

/** Random operations on few ids that fight for few claims, held against what a map would hold. */
export function likeAModel(test: Test, ctx: StoreContext, size: ModelSize): void {
  const walk = fc.array(step, size.steps);

  async function run(tenant: string, model: ReturnType<typeof createModel>, step: Step): Promise<void> {
    const { documents } = model;
    const held = documents.get(step.id);
    const key = at(tenant, step.id);
    if (step.kind === 'remove') {
      const expected = held !== undefined && (step.revision === undefined || step.revision === held.revision);
      assert.is(await ctx.store.remove(things, key, step.revision), expected);
      if (expected) documents.delete(step.id);
      return;
    }
    const body = ownClaims(step.id, step.thing);
    const isRefused =
      step.kind === 'insert'
        ? held !== undefined || model.isTaken(step.id, body)
        : held && model.isTaken(step.id, body);
    const revision = step.kind === 'insert' ? 1 : (held?.revision ?? 1) + (step.stale ? 1 : 0);
    const write = (): Promise<Document<Thing> | undefined> =>
      step.kind === 'insert'
        ? ctx.store.insert(things, key, body)
        : ctx.store.replace(things, { ...key, revision, body }, body);
    if (step.kind === 'replace' && (held === undefined || step.stale)) {
      assert.is(await write(), undefined);
    } else if (isRefused) {
      try {
        await write();
        assert.unreachable('a claim is taken');
      } catch (error) {
        assert.instance(error, ClaimTakenError);
      }
    } else {
      const written = { revision: (held?.revision ?? 0) + 1, body };
      assert.equal(await write(), { ...key, ...written });
      documents.set(step.id, written);
    }
  }

  /** Everything that can be asked, so an orphan of any kind shows. */
  async function compare(
    tenant: string,
    { documents, holder }: ReturnType<typeof createModel>,
  ): Promise<void> {
    const expected = [...documents]
      .map(([id, held]) => ({ ...at(tenant, id), ...held }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    assert.equal((await ctx.store.find(things, { tenant, limit: 100 })).map(documentOf), expected);
    assert.is(await ctx.store.count(things, { tenant }), expected.length);
    for (const claim of [...CLAIMS, ...IDS.map((id) => `own ${id}`)]) {
      assert.is((await ctx.store.getByClaim(things, tenant, claim))?.id, holder(claim));
    }
    for (const token of TOKENS) {
      const found = await ctx.store.find(things, { tenant, where: [{ token }], limit: 100 });
      assert.equal(
        found.map(documentOf),
        expected.filter(({ body }) => body.tokens?.includes(token)),
      );
    }
    for (const rank of [null, 1, 2, 3]) {
      const count = await ctx.store.count(things, { tenant, where: [{ field: 'rank', equals: rank }] });
      assert.is(count, expected.filter(({ body }) => body.rank === rank).length);
    }
  }

  test('any operations leave what a map would hold, one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        const tenant = newTenant();
        const model = createModel();
        for (const step of steps) await run(tenant, model, step);
        await compare(tenant, model);
      }),
      { numRuns: size.oneByOne },
    );
  });

  test('any operations at once leave no claim, token or field behind', async () => {
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        const tenant = newTenant();
        const results = await Promise.allSettled(
          steps.map(async (step) => {
            const key = at(tenant, step.id);
            if (step.kind === 'remove') return ctx.store.remove(things, key, step.revision);
            const body = ownClaims(step.id, step.thing);
            if (step.kind === 'insert') return ctx.store.insert(things, key, body);
            return ctx.store.replace(things, { ...key, revision: 1, body }, body);
          }),
        );
        for (const result of results)
          if (result.status === 'rejected') assert.instance(result.reason, ClaimTakenError);
        const model = createModel();
        for (const { id, revision, body } of await ctx.store.find(things, { tenant, limit: 100 })) {
          model.documents.set(id, { revision, body });
        }
        await compare(tenant, model);
        const claims = [...model.documents.values()].flatMap(({ body }) => body.claims ?? []);
        assert.is(new Set(claims).size, claims.length, 'no claim has two holders');
        for (const id of IDS) {
          await ctx.store.remove(things, at(tenant, id));
          model.documents.delete(id);
        }
        await ctx.store.insert(things, at(tenant, 'z'), {
          claims: [...CLAIMS, ...IDS.map((id) => `own ${id}`)],
        });
      }),
      { numRuns: size.atOnce },
    );
  });
}
