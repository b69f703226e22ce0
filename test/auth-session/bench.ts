import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { AuthSessionRecord } from '../../src/domain/auth-session/auth-session.js';
import type { IdentityChange } from '../../src/domain/identity.js';
import { authSessions } from '../../src/services/auth-session/collection.js';
import { forgetSessions } from '../../src/services/auth-session/ending.js';
import type { OpenedSession, SignIn } from '../../src/services/auth-session/open.js';
import { authSessionOperations } from '../../src/services/auth-session/operations.js';
import { createAuthSessionUpkeep } from '../../src/services/auth-session/upkeep.js';
import { identities } from '../../src/services/identity/collection.js';
import type { IdentityContext } from '../../src/services/identity/context.js';
import { identityOperations } from '../../src/services/identity/operations.js';
import { createPageTokens } from '../../src/services/page-token.js';
import type { Collection, Store } from '../../src/storage/store.js';

export const COLLECTIONS = [identities, authSessions] as readonly Collection<never>[];
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** More would have to wait for a connection longer than is allowed. */
const AT_ONCE = 20;
export const PASSWORD: SignIn = { method: 'password', aal: 'aal1' };

/** Identities and their sessions as one process has them, with a clock that can be put forward. */
export function createSessionBench(store: Store, tenant = `t-${uuidv7()}`) {
  const log = pino({ level: 'silent' });
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const context: IdentityContext = {
    store,
    now,
    newId: uuidv7,
    pageTokens: createPageTokens([Buffer.alloc(32)]),
    cleanUp: (of, id) => forgetSessions({ store }, { tenant: of, id }),
    log,
  };
  const records = identityOperations(context);
  const sessions = authSessionOperations(context);
  const origin = { contract: 'core', precondition: undefined } as const;
  const of = (identityId: string) => ({ tenant, identityId });
  return {
    tenant,
    context,
    sessions,
    records,
    now,
    of,
    forward(ms: number) {
      ahead += ms;
    },
    async identity(change: IdentityChange = {}): Promise<string> {
      return (await records.create(tenant, { givenName: 'Ada', ...change }, { contract: 'core' }, {})).id;
    },
    update: (id: string, change: IdentityChange) => records.update({ tenant, id }, change, origin, {}),
    remove: (id: string) => records.delete({ tenant, id }, undefined, {}),
    record: (id: string) => records.get(tenant, id, {}),
    signIn: (id: string, how: SignIn = PASSWORD) => sessions.create(of(id), how, {}),
    /** So many sessions, some of them at once. */
    async signInOften(id: string, count: number): Promise<OpenedSession[]> {
      const opened: OpenedSession[] = [];
      const some = () => Array.from({ length: Math.min(AT_ONCE, count - opened.length) });
      while (opened.length < count)
        opened.push(...(await Promise.all(some().map(() => sessions.create(of(id), PASSWORD, {})))));
      return opened;
    },
    active: async (token: string) => (await sessions.holding(tenant, token, {})) !== undefined,
    async listed(id: string, active?: boolean): Promise<string[]> {
      const page = await sessions.list(of(id), { active, limit: 1000 }, {});
      return page.sessions.map((session) => session.id);
    },
    async stored(id: string): Promise<AuthSessionRecord | undefined> {
      return (await store.get(authSessions, { tenant, id }))?.body;
    },
    sweep: createAuthSessionUpkeep({ store, now, log }).sweep,
  };
}

export type SessionBench = ReturnType<typeof createSessionBench>;
