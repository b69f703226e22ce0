// Beside others: it waits most of its time.
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { LinkedInSessionState as State } from '../../src/gen/facet/v1/linkedin_session.js';
import { LinkedInSessionServiceDefinition } from '../../src/gen/facet/v1/linkedin_session_service.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { forEachSharedStore } from '../support/shared-store.js';
import { startRole } from '../support/start-role.js';
import { identitiesAt } from './identities-at.js';

const WAIT_SECONDS = 30;

forEachSharedStore('a deadline whose process is gone', (test, shared) => {
  test('a login whose service was killed while a code was awaited expires on time by another service', async () => {
    const { key } = await shared.key('acme');
    const [first, second] = await Promise.all([1, 2].map(() => startRole('service', shared.settings)));
    const owners = identitiesAt(first!.grpc!, key);
    const { id: identityId } = await owners.createIdentity({ identity: identityOf({ givenName: 'Ada' }) });
    const [here, there] = [first, second].map(({ grpc } = first!) =>
      grpcClient(LinkedInSessionServiceDefinition, grpc!, key),
    );
    const login = await here!.startLogin({
      identityId,
      username: '2fa',
      password: 'secret',
      maxVerificationWaitSeconds: WAIT_SECONDS,
    });
    const which = { identityId, sessionId: login.id };
    while ((await there!.getSession(which)).state !== State.VERIFICATION_REQUIRED) await sleep(50);
    first!.child.kill('SIGKILL');
    const events = [];
    // What ends the watch is written, not only shown: the event is in the session's log.
    for await (const event of there!.watchLoginStatus({ ...which, afterSequence: 0 })) events.push(event);
    const last = events.filter(({ sequence }) => sequence > 0).at(-1)!;
    const asked = events.find(({ session }) => session?.state === State.VERIFICATION_REQUIRED)!;
    assert.is(last.session!.state, State.EXPIRED);
    const lateMs = last.session!.updateTime!.getTime() - asked.expireTime!.getTime();
    console.log(`# expired ${lateMs} ms after its deadline, by another process`);
    assert.ok(Math.abs(lateMs) <= 1500, `${lateMs} ms`);
    for (const client of [owners, here!, there!]) client.close();
  });
});
