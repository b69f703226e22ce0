import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { HealthCheckResponse_ServingStatus, HealthDefinition } from '../../src/gen/grpc/health/v1/health.js';
import { createProxy, type FaultProxy } from '../fault/proxy.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { forEachSharedStore } from '../support/shared-store.js';
import { type StartedRole, startRole } from '../support/start-role.js';
import { type Identities, identitiesAt } from './identities-at.js';

const DEADLINE_MS = 1500;
const OVER_MS = 250;
const TOLD_MS = 2000;
const GROWTH_KB = 50 * 1024;
const FROZEN_MS = 10_000;

interface Outcome {
  readonly ms: number;
  readonly code: status;
}

forEachSharedStore('outages of the store', (test, shared) => {
  // A file is not away by itself; what keeps it from being written is tested beside the embedded store.
  if (shared.name !== 'mongo') return;

  let key: string;
  test.before(async () => {
    key = (await shared.key('acme')).key;
  });

  /** Facet before a store that can be taken away. */
  async function behindProxy(
    run: (whole: StartedRole, proxy: FaultProxy, client: Identities) => Promise<void>,
    before: (proxy: FaultProxy) => Promise<void> = async () => {},
  ): Promise<void> {
    const uri = new URL(shared.settings.MONGODB_URI!);
    const proxy = await createProxy({ host: uri.hostname, port: Number(uri.port) });
    await before(proxy);
    const MONGODB_URI = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
    const whole = await startRole('all', { ...shared.settings, MONGODB_URI });
    const client = identitiesAt(whole.grpc!, key);
    try {
      await run(whole, proxy, client);
      assert.is(whole.child.exitCode, null, 'the process lives');
      assert.not.match(whole.printed(), /unhandled|"level":60/i);
    } finally {
      client.close();
      whole.child.kill('SIGKILL');
      await whole.ended;
      await proxy.stop();
    }
  }

  /** Reads and creates with a deadline until told to stop; how each ended. */
  async function callUntil(client: Identities, isOver: () => boolean): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const caller = async (n: number) => {
      while (!isOver()) {
        const began = performance.now();
        const deadline = new Date(Date.now() + DEADLINE_MS);
        const call =
          n % 2
            ? client.listIdentities({}, { deadline })
            : client.createIdentity({ identity: identityOf({}) }, { deadline });
        const code = await call.then(
          () => status.OK,
          (error) => error.code as status,
        );
        outcomes.push({ ms: performance.now() - began, code });
        await sleep(50);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => caller(n)));
    return outcomes;
  }

  const readyz = async (whole: StartedRole) => (await fetch(`http://${whole.rest}/readyz`)).status;
  const health = async (whole: StartedRole) => {
    const client = grpcClient(HealthDefinition, whole.grpc!, undefined);
    const { status: said } = await client.check({});
    client.close();
    return said === HealthCheckResponse_ServingStatus.SERVING;
  };
  /** How long until both say so. */
  async function told(whole: StartedRole, well: boolean, withinMs: number): Promise<number> {
    const began = performance.now();
    for (;;) {
      if ((await readyz(whole)) === (well ? 200 : 503) && (await health(whole)) === well)
        return performance.now() - began;
      assert.ok(performance.now() - began < withinMs, `not told ${well} within ${withinMs} ms`);
      await sleep(20);
    }
  }
  const residentKb = ({ child }: StartedRole) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]);

  function mustEndInTime(outcomes: readonly Outcome[]): void {
    const slow = outcomes.filter(({ ms }) => ms > DEADLINE_MS + OVER_MS);
    assert.equal(slow, [], 'calls beyond their deadline');
    const known = [status.OK, status.UNAVAILABLE, status.DEADLINE_EXCEEDED];
    assert.equal(
      outcomes.filter(({ code }) => !known.includes(code)),
      [],
    );
  }

  test('a store that freezes for ten seconds: calls end in time, health says so, memory stays, all goes on after', () =>
    behindProxy(async (whole, proxy, client) => {
      await callUntil(client, after(2000));
      const before = residentKb(whole);
      proxy.setSilent(true);
      const frozen = performance.now();
      const calls = callUntil(client, () => performance.now() - frozen > FROZEN_MS);
      const saidMs = await told(whole, false, TOLD_MS + OVER_MS);
      assert.is((await fetch(`http://${whole.rest}/healthz`)).status, 200);
      const outcomes = await calls;
      proxy.setSilent(false);
      const backMs = await told(whole, true, 5000);
      mustEndInTime(outcomes);
      assert.ok(outcomes.length > 20 && outcomes.some(({ code }) => code !== status.OK));
      const grown = residentKb(whole) - before;
      console.log(
        `# frozen ${FROZEN_MS} ms: said after ${Math.round(saidMs)} ms, back ${Math.round(backMs)} ms after; ${outcomes.length} calls, the longest ${Math.round(Math.max(...outcomes.map(({ ms }) => ms)))} ms of ${DEADLINE_MS}; ${Math.round(grown / 1024)} MB grown`,
      );
      assert.ok(grown <= GROWTH_KB, `${grown} kB`);
      assert.ok((await callUntil(client, after(1000))).every(({ code }) => code === status.OK));
    }));

  test('a store that is absent at start is served within three seconds of its coming', () =>
    behindProxy(
      async (whole, proxy, client) => {
        assert.is(await readyz(whole), 503);
        mustEndInTime(await callUntil(client, after(1000)));
        await proxy.start();
        const ms = await told(whole, true, 3000);
        console.log(`# absent at start: served ${Math.round(ms)} ms after it came`);
        assert.ok((await callUntil(client, after(500))).every(({ code }) => code === status.OK));
      },
      (proxy) => proxy.stop(),
    ));

  test('a store that answers late is waited for within the deadline', () =>
    behindProxy(async (whole, proxy, client) => {
      await told(whole, true, 3000);
      proxy.setDelay(200);
      const outcomes = await callUntil(client, after(3000));
      mustEndInTime(outcomes);
      assert.ok(outcomes.some(({ code }) => code === status.OK));
      proxy.setDelay(3000);
      mustEndInTime(await callUntil(client, after(3000)));
      proxy.setDelay(0);
      await told(whole, true, 8000);
    }));

  test('connections that are reset again and again hang no call and end no process', () =>
    behindProxy(async (whole, proxy, client) => {
      await told(whole, true, 3000);
      const calls = callUntil(client, after(3000));
      for (let i = 0; i < 12; i++) {
        await sleep(200);
        proxy.cut();
      }
      mustEndInTime(await calls);
      await told(whole, true, 3000);
    }));
});

function after(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => performance.now() > end;
}
