import { setTimeout as sleep } from 'node:timers/promises';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { LinkedInSessionState as State } from '../../src/gen/facet/v1/linkedin_session.js';
import { LinkedInSessionServiceDefinition } from '../../src/gen/facet/v1/linkedin_session_service.js';
import { grpcClient } from '../../test/support/grpc.js';
import { identityOf } from '../../test/support/identity-message.js';
import type { StartedRole } from '../../test/support/start-role.js';
import { quantile } from './rounds.js';
import { usedKb } from './used-memory.js';

/** A tenant has 512 streams at once. */
const TENANTS = 4;
const LOGINS = 5;
const WATCHERS = 50;

export interface Watchers {
  readonly watchers: number;
  /** From an event's own time to a watcher at another process than the one that it happened in: milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** What a watcher adds to what its service uses. */
  readonly kbEach: number;
  /** Events that a watcher missed or saw twice. */
  readonly wrong: number;
}

/** A thousand watchers of twenty logins at one service; codes are given at another. */
export async function measureWatchers(
  [here, there]: readonly [StartedRole, StartedRole],
  keyOf: (tenant: string) => Promise<string>,
): Promise<Watchers> {
  const late: number[] = [];
  let wrong = 0;
  const before = await usedKb(there);
  const codes: (() => Promise<unknown>)[] = [];
  const watching: Promise<void>[] = [];
  const clients: { close(): void }[] = [];
  for (let tenant = 0; tenant < TENANTS; tenant++) {
    const key = await keyOf(`watch-${tenant}`);
    const owners = grpcClient(IdentityServiceDefinition, here.grpc!, key);
    const logins = grpcClient(LinkedInSessionServiceDefinition, here.grpc!, key);
    const watcher = grpcClient(LinkedInSessionServiceDefinition, there.grpc!, key);
    clients.push(owners, logins, watcher);
    for (let login = 0; login < LOGINS; login++) {
      const { id: identityId } = await owners.createIdentity({ identity: identityOf({ givenName: 'Ada' }) });
      const { id: sessionId } = await logins.startLogin({ identityId, username: '2fa', password: 'secret' });
      const which = { identityId, sessionId };
      while ((await logins.getSession(which)).state !== State.VERIFICATION_REQUIRED) await sleep(20);
      codes.push(() => logins.submitCode({ ...which, code: '123456' }));
      for (let n = 0; n < WATCHERS; n++) watching.push(watch(watcher, which));
    }
  }
  await sleep(2000);
  const grown = (await usedKb(there)) - before;
  await Promise.all(codes.map((give) => give()));
  await Promise.all(watching);
  for (const client of clients) client.close();
  return {
    watchers: watching.length,
    p50: quantile(late, 0.5),
    p99: quantile(late, 0.99),
    kbEach: grown / watching.length,
    wrong,
  };

  async function watch(
    client: ReturnType<typeof grpcClient<typeof LinkedInSessionServiceDefinition>>,
    which: { identityId: string; sessionId: string },
  ): Promise<void> {
    let seen = 0;
    for await (const { sequence, session } of client.watchLoginStatus(which)) {
      if (sequence === 0) continue;
      if (seen > 0 && sequence !== seen + 1) wrong++;
      if (seen > 0) late.push(Date.now() - session!.updateTime!.getTime());
      seen = sequence;
    }
  }
}
