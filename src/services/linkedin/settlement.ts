import { changeConnection } from '../../domain/identity-change.js';
import { rfc3339 } from '../../domain/linkedin/clock.js';
import { loginEnded, loginStarted } from '../../domain/linkedin/connection-change.js';
import { isFinal, type SessionRecord } from '../../domain/linkedin/session.js';
import { mutate } from '../../storage/mutate.js';
import { identities } from '../identity/collection.js';
import type { SessionDocument } from './collection.js';
import type { LinkedInContext } from './context.js';
import { kindOf } from './error-kind.js';
import { keyName } from './session-key.js';
import type { SessionWriter } from './session-writer.js';
import { within } from './wait.js';

const CLEAN_UP_MS = 10_000;

/** Carries what happens to a session over to its identity, its secrets and the connector. */
export interface Settlement {
  /** Shows the login in the identity's connection; false, and the session cancelled, where the identity is gone. */
  announce(session: SessionDocument): Promise<boolean>;
  /** Shows the end in the identity's connection and erases the secrets. Nothing where that is done, or no end. */
  reflect(session: SessionDocument): Promise<void>;
  /** The same, and has the connector forget what is left over. */
  settle(session: SessionDocument): Promise<void>;
}

/** An account at LinkedIn that nothing stands on any more. */
interface LeftOver {
  readonly what: 'cancel' | 'disconnect';
  readonly ref: string;
}

export function createSettlement(context: LinkedInContext, writer: SessionWriter): Settlement {
  const { store, clock, log, secrets, connector } = context;
  const reflecting = new Map<string, Promise<SessionDocument | undefined>>();

  /** Writes to the identity what `change` says; false where it is gone. */
  async function show(session: SessionRecord, change: typeof loginEnded): Promise<boolean> {
    const time = rfc3339(clock.now());
    const key = { tenant: session.tenant, id: session.identityId };
    const after = await mutate(store, identities, key, (identity) =>
      identity.kind !== 'identity'
        ? identity
        : changeConnection(identity, change(identity.linkedin, session), time),
    );
    return after?.body.kind === 'identity';
  }

  async function announce(session: SessionDocument): Promise<boolean> {
    if (await show(session.body, loginStarted)) return true;
    await writer.attempt(session, { type: 'cancelled' });
    await writer.attempt(session, { type: 'orphaned' });
    return false;
  }

  async function reflectNow(session: SessionDocument): Promise<SessionDocument | undefined> {
    const { tenant, identityId, id: sessionId } = session.body;
    await secrets.eraseSession({ tenant, identityId, sessionId });
    const identityLives = await show(session.body, loginEnded);
    const done = leftOver(session.body, identityLives) === undefined;
    return writer.attempt(session, { type: 'reflected', done });
  }

  /** One at a time for each session; the session after it. */
  function reflected(session: SessionDocument): Promise<SessionDocument | undefined> {
    const name = keyName(session);
    const under = reflecting.get(name);
    if (under !== undefined) return under;
    const work = reflectNow(session).finally(() => reflecting.delete(name));
    reflecting.set(name, work);
    return work;
  }

  async function reflect(session: SessionDocument): Promise<void> {
    if (isFinal(session.body) && session.body.settlement === 'none') await reflected(session);
  }

  async function settle(session: SessionDocument): Promise<void> {
    if (!isFinal(session.body) || session.body.settlement === 'done') return;
    const after = session.body.settlement === 'none' ? await reflected(session) : session;
    if (after?.body.settlement !== 'reflected') return;
    const identity = await store.get(identities, { tenant: after.tenant, id: after.body.identityId });
    const stray = leftOver(after.body, identity?.body.kind === 'identity');
    const forgotten = stray === undefined || (await forget(after.body, stray));
    await writer.attempt(after, { type: forgotten ? 'cleaned_up' : 'clean_up_failed' });
  }

  async function forget(session: SessionRecord, { what, ref }: LeftOver): Promise<boolean> {
    if (connector === undefined || connector.name !== session.connector) return false;
    try {
      await within(clock, CLEAN_UP_MS, context.closing, (signal) => connector[what](ref, signal));
      return true;
    } catch (error) {
      log.warn(
        { session: session.id, error: kindOf(error) },
        'the LinkedIn connector failed to forget an account',
      );
      return false;
    }
  }

  return { announce, reflect, settle };
}

/** What the end of the login leaves behind at LinkedIn. */
function leftOver(session: SessionRecord, identityLives: boolean): LeftOver | undefined {
  const { ref, storedRef, state } = session;
  if (state !== 'connected') return ref === null || ref === storedRef ? undefined : { what: 'cancel', ref };
  if (!identityLives) return { what: 'disconnect', ref: ref! };
  return storedRef === null || storedRef === ref ? undefined : { what: 'disconnect', ref: storedRef };
}
