import * as assert from 'uvu/assert';
import { ClaimTakenError } from '../../../src/storage/errors.js';
import { ContentionError, inTurn, mutate } from '../../../src/storage/mutate.js';
import { forEachStore } from '../../support/stores.js';
import { rejects } from './rejects.js';
import { at, newTenant, type Thing, things } from './things.js';

forEachStore('mutate', [things], (test, ctx) => {
  const made = async (body: Thing = {}) =>
    ctx.store.insert(things, at(newTenant(), 'a'), { claims: ['c'], ...body });

  test('applies the function to the newest body', async () => {
    const document = await made({ rank: 1 });
    const changed = await mutate(ctx.store, things, document, (body) => ({
      ...body,
      rank: (body.rank ?? 0) + 1,
    }));
    assert.equal([changed?.revision, changed?.body.rank], [2, 2]);
  });

  test('a document that is not there is undefined, and the function is not called', async () => {
    const change = () => assert.unreachable() as never;
    assert.is(await mutate(ctx.store, things, at(newTenant(), 'a'), change), undefined);
  });

  test('the same body again is no write', async () => {
    const document = await made();
    const same = await mutate(ctx.store, things, document, (body) => body);
    assert.is(same?.revision, 1);
    assert.is((await ctx.store.get(things, document))?.revision, 1);
  });

  test('what the function throws leaves the record and the queue as they were', async () => {
    const document = await made();
    const refuse = () => {
      throw new RangeError('no');
    };
    await rejects(mutate(ctx.store, things, document, refuse), RangeError);
    await mutate(ctx.store, things, document, (body) => ({ ...body, rank: 5 }));
    assert.is((await ctx.store.get(things, document))?.revision, 2);
  });

  test('a claim that is taken ends it', async () => {
    const document = await made();
    await ctx.store.insert(things, at(document.tenant, 'b'), { claims: ['taken'] });
    const change = (body: Thing) => ({ ...body, claims: ['taken'] });
    assert.is((await rejects(mutate(ctx.store, things, document, change), ClaimTakenError)).holder, 'b');
  });

  test('it sees what another process wrote in between and applies again', async () => {
    const document = await made({ rank: 0 });
    let calls = 0;
    const slow = {
      ...ctx.store,
      get: async (...args: Parameters<typeof ctx.store.get>) => {
        const current = await ctx.store.get(...args);
        if (calls++ === 0) await ctx.store.replace(things, document, { claims: ['c'], rank: 10 });
        return current;
      },
    } as typeof ctx.store;
    const changed = await mutate(slow, things, document, (body) => ({ ...body, rank: (body.rank ?? 0) + 1 }));
    assert.equal([calls, changed?.revision, changed?.body.rank], [2, 3, 11]);
  });

  test('when others win every attempt it says so', async () => {
    const document = await made();
    const losing = { ...ctx.store, replace: async () => undefined };
    await rejects(
      mutate(losing, things, document, (body) => ({ ...body }), { attempts: 3 }),
      ContentionError,
    );
  });

  test('an aborted signal ends the wait in the queue with its reason, and the change is not made', async () => {
    const document = await made();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = {
      ...ctx.store,
      get: async (...args: Parameters<typeof ctx.store.get>) => {
        await held;
        return ctx.store.get(...args);
      },
    } as typeof ctx.store;
    const first = mutate(slow, things, document, (body) => ({ ...body, rank: 1 }));
    const caller = new AbortController();
    const second = mutate(slow, things, document, (body) => ({ ...body, rank: 2 }), {
      signal: caller.signal,
    });
    const reason = new RangeError('the caller left');
    caller.abort(reason);
    assert.is(await rejects(second, RangeError), reason);
    release();
    await first;
    assert.equal((await mutate(slow, things, document, (body) => ({ ...body, note: 'x' })))?.body.rank, 1);
  });

  test('what takes turns runs one after the other; what an aborted caller had in line is not run', async () => {
    const caller = new AbortController();
    const ran: string[] = [];
    const step = (name: string) => async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      ran.push(name);
      return name;
    };
    const first = inTurn(ctx.store, 'line', undefined, step('first'));
    const second = inTurn(ctx.store, 'line', caller.signal, step('second'));
    const third = inTurn(ctx.store, 'line', undefined, step('third'));
    const other = inTurn(ctx.store, 'another line', undefined, step('other'));
    caller.abort(new RangeError('the caller left'));
    await rejects(second, RangeError);
    assert.equal(await Promise.all([first, third, other]), ['first', 'third', 'other']);
    assert.equal(ran, ['first', 'other', 'third']);
  });
});
