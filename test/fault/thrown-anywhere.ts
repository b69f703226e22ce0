import { Writable } from 'node:stream';
import { pino } from 'pino';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Caller, createCaller } from '../isolation/callers.js';
import { fillRequest } from '../isolation/fill.js';
import { type Operation, operations } from '../isolation/operations.js';
import { type Seeded, seed } from '../isolation/seed.js';
import { startTestApp, type TestApp } from '../support/app.js';
import type { StoreKind, TestStore } from '../support/stores.js';
import { type ThrowingStore, throwing } from './throwing-store.js';

const CANARY = 'canary-of-the-defect';
/** Far more than any call does. */
const MOST = 60;
const ERROR_LEVEL = 50;

const unhandled: unknown[] = [];
for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, (reason) => unhandled.push(reason));

const deletes = ({ method }: Operation) => /^(Delete|Remove|Purge)/.test(method.name);

export interface ThrownAnywhereOptions {
  readonly stores: readonly StoreKind[];
  /** Which ways to call are tried. */
  readonly which: (operation: Operation) => boolean;
}

/**
 * Lets every operation on the store that a call makes throw, one after the other: for each call one INTERNAL that tells
 * nothing, one line that tells all, and the next call is served.
 */
export function thrownAnywhere({ stores, which }: ThrownAnywhereOptions): void {
  const all = operations()
    .filter(({ scope, method }) => scope !== 'public' && !/client|bidi/.test(method.methodKind))
    .filter(which)
    .sort((a, b) => Number(deletes(a)) - Number(deletes(b)));

  for (const kind of stores) {
    const test = suite(`a store that throws [${kind.name}]`);
    const logged: string[] = [];
    let made: TestStore;
    let faulty: ThrowingStore;
    let app: TestApp;
    let caller: Caller;
    let seeded: Seeded;
    let hits = 0;

    test.before(async () => {
      made = await kind.make();
      faulty = throwing(made.store);
      const sink = new Writable({
        write(chunk, _encoding, done) {
          logged.push(String(chunk));
          done();
        },
      });
      const log = pino({ level: 'warn' }, sink);
      app = await startTestApp(faulty.store, { before: faulty.before, transport: 'local', log });
      caller = createCaller(app);
      seeded = await seed(app.grpc, await app.key('owner', 'core'));
    });
    test.after(async () => {
      console.log(`# ${hits} operations on the store threw, in calls of ${all.length} methods`);
      caller?.close();
      await app?.close();
      await made?.close();
    });

    for (const operation of all) {
      test(`${operation.name} meets it at each step`, async () => {
        const request = fillRequest(operation, seeded.owned);
        const hit: string[] = [];
        for (let at = 1; at <= MOST; at++) {
          logged.length = 0;
          // A key that was never used is looked up, so that the first step is the entrance's.
          const key = await app.key('owner', 'core');
          faulty.arm({ at, error: new Error(CANARY), atOnce: at % 2 === 0 });
          const { code, seen } = await caller.call(operation, request, key);
          const operationHit = faulty.thrown();
          if (operationHit === undefined) break;
          hit.push(operationHit);
          hits++;
          const lines = logged.filter((line) => line.includes(CANARY));
          if (code !== 'OK') {
            assert.ok(['INTERNAL', 'HTTP 500'].includes(code), `${hit}: ${seen}`);
            assert.match(seen, 'isolation', 'the request id');
            const errors = lines.filter((line) => JSON.parse(line).level >= ERROR_LEVEL);
            assert.is(errors.length, 1, `${hit}: ${logged}`);
          }
          // What a call can do without is told all the same.
          assert.ok(lines.length > 0, `${hit}: not a word of it`);
          assert.not.match(seen, CANARY);
          const next = await caller.call(operation, request, key);
          assert.not.match(next.code, /INTERNAL|UNKNOWN|HTTP 5/, `${hit}: ${next.seen}`);
        }
        assert.ok(hit.length > 0 && hit.length < MOST, `${hit}`);
        assert.equal(unhandled, []);
      });
    }
    test.run();
  }
}
