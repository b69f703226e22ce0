import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { LinkedInSessionServiceDefinition } from '../../src/gen/facet/v1/linkedin_session_service.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { forEachSharedStore } from '../support/shared-store.js';
import { startRole } from '../support/start-role.js';
import { identitiesAt } from './identities-at.js';

const A_SECOND = 200;
const WATCHERS = 20;
const LEFT_MS = 5000;

forEachSharedStore('SIGTERM under load', (test, shared) => {
  test(`at ${A_SECOND} creates a second and ${WATCHERS} watchers: calls finish, streams end UNAVAILABLE, it leaves in time`, async () => {
    const { key } = await shared.key('acme');
    const service = await startRole('service', shared.settings);
    const client = identitiesAt(service.grpc!, key);
    const logins = grpcClient(LinkedInSessionServiceDefinition, service.grpc!, key);
    const { id: identityId } = await client.createIdentity({ identity: identityOf({ givenName: 'Ada' }) });
    const login = await logins.startLogin({ identityId, username: '2fa', password: 'secret' });
    const watches = Array.from({ length: WATCHERS }, async () => {
      try {
        for await (const _ of logins.watchLoginStatus({ identityId, sessionId: login.id }));
        return status.OK;
      } catch (error) {
        return (error as { code: status }).code;
      }
    });
    const ends: Promise<{ readonly id?: string; readonly code: status; readonly details?: string }>[] = [];
    const calls = setInterval(() => {
      ends.push(
        client.createIdentity({ identity: identityOf({ tags: ['load'] }) }).then(
          ({ id }) => ({ id, code: status.OK }),
          ({ code, details }) => ({ code, details }),
        ),
      );
    }, 1000 / A_SECOND);
    await sleep(2000);
    const told = performance.now();
    service.child.kill('SIGTERM');
    const code = await service.ended;
    const leftMs = performance.now() - told;
    clearInterval(calls);
    const outcomes = await Promise.all(ends);
    assert.is(code, 0);
    assert.ok(leftMs <= LEFT_MS, `${leftMs} ms`);
    assert.equal(new Set(await Promise.all(watches)), new Set([status.UNAVAILABLE]));
    const acknowledged = outcomes.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const other = outcomes.filter(({ code: end }) => end !== status.OK && end !== status.UNAVAILABLE);
    assert.equal(other, []);
    // What was taken in is answered: only what came after is turned away.
    assert.equal(
      outcomes.filter(({ details = '' }) => /ECONNRESET|socket hang up/.test(details)),
      [],
    );
    const next = await startRole('service', shared.settings);
    const reader = identitiesAt(next.grpc!, key);
    for (let i = 0; i < acknowledged.length; i += 500) {
      const ids = acknowledged.slice(i, i + 500);
      assert.is((await reader.batchGetIdentities({ ids })).identities.length, ids.length);
    }
    console.log(
      `# ${acknowledged.length} acknowledged, all there; it left ${Math.round(leftMs)} ms after SIGTERM`,
    );
    for (const each of [client, logins, reader]) each.close();
  });

  test('a second SIGTERM ends it within a second', async () => {
    const service = await startRole('service', shared.settings);
    service.child.kill('SIGTERM');
    service.child.kill('SIGTERM');
    const told = performance.now();
    await service.ended;
    assert.ok(performance.now() - told <= 1000);
  });
});
