import { changeConnection } from '../../domain/identity-change.js';
import { rfc3339 } from '../../domain/linkedin/clock.js';
import type { ConnectionRecord } from '../../domain/linkedin/connection.js';
import { type AccountState, connectionChecked } from '../../domain/linkedin/connection-change.js';
import { mutate } from '../../storage/mutate.js';
import { identities } from '../identity/collection.js';
import type { LinkedInContext } from './context.js';
import { kindOf } from './error-kind.js';
import type { IdentityKey } from './session-access.js';
import { within } from './wait.js';

const FRESH_MS = 30_000;
const CHECK_MS = 5_000;
/** Looks that are remembered; the oldest go first. */
const REMEMBERED = 10_000;

/** When an account was last looked at, and what was found. */
interface Look {
  readonly ref: string;
  readonly at: number;
  readonly found: Promise<AccountState | undefined>;
}

/** A connection, and when it was known to be so: RFC 3339. */
export interface CheckedConnection {
  readonly connection: ConnectionRecord;
  /** The open session, or the last one. */
  readonly sessionId: string | null;
  readonly checkedAt: string;
}

/**
 * Looks at the account that a connection stands on, at most every 30 seconds for each identity, and writes
 * down a change. A connector that does not answer leaves the connection as it is.
 */
export function createConnectionCheck({ store, clock, log, connector, closing }: LinkedInContext) {
  const looks = new Map<string, Look>();

  return async function check(key: IdentityKey, connection: ConnectionRecord): Promise<CheckedConnection> {
    const { ref } = connection;
    if (ref === null || connector === undefined || connection.connector !== connector.name) {
      return { connection, sessionId: connection.sessionId, checkedAt: rfc3339(clock.now()) };
    }
    const { at, found } = look(`${key.tenant}/${key.identityId}`, ref);
    const state = await found;
    const checked = state === undefined ? connection : await writeDown(key, connection, state);
    return { connection: checked, sessionId: checked.sessionId, checkedAt: rfc3339(at) };
  };

  function look(name: string, ref: string): Look {
    const now = clock.now();
    const last = looks.get(name);
    if (last !== undefined && last.ref === ref && now - last.at < FRESH_MS) return last;
    const found = within(clock, CHECK_MS, closing, (signal) => connector!.check(ref, signal)).then(
      ({ state }) => state,
      (error: unknown) => {
        log.warn({ error: kindOf(error) }, 'a LinkedIn account did not answer');
        return undefined;
      },
    );
    const fresh = { ref, at: now, found };
    looks.delete(name);
    looks.set(name, fresh);
    if (looks.size > REMEMBERED) looks.delete(looks.keys().next().value!);
    return fresh;
  }

  async function writeDown(
    { tenant, identityId }: IdentityKey,
    connection: ConnectionRecord,
    state: AccountState,
  ): Promise<ConnectionRecord> {
    if (connectionChecked(connection, state).status === connection.status) return connection;
    const time = rfc3339(clock.now());
    const after = await mutate(store, identities, { tenant, id: identityId }, (identity) => {
      // A login or a disconnect may have put another account in its place.
      if (identity.kind !== 'identity' || identity.linkedin.ref !== connection.ref) return identity;
      return changeConnection(identity, connectionChecked(identity.linkedin, state), time);
    });
    return after?.body.kind === 'identity' ? after.body.linkedin : connection;
  }
}
