import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import {
  type LinkedInSession,
  LinkedInSessionState as State,
} from '../../src/gen/facet/v1/linkedin_session.js';
import { LinkedInSessionServiceDefinition } from '../../src/gen/facet/v1/linkedin_session_service.js';
import { revokeKey } from '../../src/services/keys/operations.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { forEachSharedStore } from '../support/shared-store.js';
import { type StartedRole, startRole } from '../support/start-role.js';

/** Between an event in one process and its watcher in another. */
const EVENT_MS = 700;
/** The same, while a code is awaited: a look every 100 ms, a read, and room for a busy machine. */
const CODE_MS = 350;
const REVOKED_MS = 1000;

forEachSharedStore('several processes', (test, shared) => {
  let services: StartedRole[];
  test.before(async () => {
    await shared.open();
    services = await Promise.all([1, 2, 3].map(() => startRole('service', shared.settings)));
  });

  const identities = ({ grpc }: StartedRole, key: string) =>
    grpcClient(IdentityServiceDefinition, grpc!, key);

  test('a login begun at one, its code given to another, is watched at a third: every event, in order, in time', async () => {
    const { key } = await shared.key('acme');
    const clients = services.map(({ grpc }) => grpcClient(LinkedInSessionServiceDefinition, grpc!, key));
    const [first, second, third] = clients as [(typeof clients)[0], (typeof clients)[0], (typeof clients)[0]];
    const owner = await identities(services[0]!, key).createIdentity({
      identity: identityOf({ givenName: 'Ada' }),
    });
    const { id: identityId } = owner;
    const login = { identityId, username: '2fa@example.com', password: 'secret' };
    const which = { identityId, sessionId: (await first.startLogin(login)).id };
    const seen: { state: State; lateMs: number }[] = [];
    const watching = (async () => {
      for await (const { sequence, session } of third.watchLoginStatus({ ...which, afterSequence: 0 })) {
        assert.is(sequence, seen.length + 1, 'each event once, in order');
        seen.push({ state: session!.state, lateMs: Date.now() - session!.updateTime!.getTime() });
      }
    })();
    await untilState(() => third.getSession(which), State.VERIFICATION_REQUIRED);
    // So that the watcher's process has looked once and knows that a code is awaited.
    await sleep(EVENT_MS);
    await second.submitCode({ ...which, code: '123456' });
    await watching;
    assert.equal(
      seen.map(({ state }) => state),
      [State.QUEUED, State.CONNECTING, State.VERIFICATION_REQUIRED, State.VERIFYING, State.CONNECTED],
    );
    const times = seen.map(({ lateMs }) => lateMs);
    assert.ok(
      times.slice(1, 3).every((ms) => ms <= EVENT_MS),
      `${times}`,
    );
    assert.ok(
      times.slice(3).every((ms) => ms <= CODE_MS),
      `${times}`,
    );
    for (const client of clients) client.close();
  });

  test('a key that is revoked opens no process any more after a second', async () => {
    const { key, id } = await shared.key('acme');
    const clients = services.map((service) => identities(service, key));
    const opens = (client: (typeof clients)[0]) =>
      client.listIdentities({}).then(
        () => true,
        (error) => {
          assert.is(error.code, status.UNAUTHENTICATED);
          return false;
        },
      );
    assert.equal(await Promise.all(clients.map(opens)), [true, true, true]);
    await revokeKey(await shared.open(), id);
    const revoked = performance.now();
    const lastOpened = await Promise.all(
      clients.map(async (client) => {
        for (let last = 0; ; await sleep(10)) {
          const asked = performance.now() - revoked;
          if (await opens(client)) last = asked;
          else if (asked > REVOKED_MS) return last;
        }
      }),
    );
    assert.ok(
      lastOpened.every((ms) => ms <= REVOKED_MS),
      `${lastOpened}`,
    );
    for (const client of clients) client.close();
  });

  test('a change that two processes make at once is lost by neither', async () => {
    const { key } = await shared.key('acme');
    const clients = services.map((service) => identities(service, key));
    const { id } = await clients[0]!.createIdentity({ identity: identityOf({ givenName: 'Ada' }) });
    const tags = Array.from({ length: 30 }, (_, i) => `t${i}`);
    await Promise.all(
      tags.map(async (tag, i) => {
        const client = clients[i % clients.length]!;
        for (;;) {
          const { etag, tags: now } = await client.getIdentity({ id });
          const identity = identityOf({ id, etag, tags: [...now, tag] });
          const won = await client.updateIdentity({ identity, updateMask: ['tags'] }).then(
            () => true,
            (error) => {
              assert.is(error.code, status.ABORTED);
              return false;
            },
          );
          if (won) return;
        }
      }),
    );
    const { tags: found } = await clients[1]!.getIdentity({ id });
    assert.equal([...found].sort(), tags.sort());
    for (const client of clients) client.close();
  });
});

async function untilState(look: () => Promise<LinkedInSession>, wanted: State): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if ((await look()).state === wanted) return;
    await sleep(25);
  }
  assert.unreachable(`the login is not ${State[wanted]} in time`);
}
