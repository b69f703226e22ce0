import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { createSimulatedConnector } from '../../src/connectors/simulated.js';
import type { IdentityRecord } from '../../src/domain/identity.js';
import { deletedIdentity, newIdentity } from '../../src/domain/identity-change.js';
import type { Clock } from '../../src/domain/linkedin/clock.js';
import { isFinal, type SessionState } from '../../src/domain/linkedin/session.js';
import type { SessionView } from '../../src/domain/linkedin/session-view.js';
import { identities } from '../../src/services/identity/collection.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import {
  createLinkedInService,
  type LinkedInService,
  type LinkedInServiceOptions,
} from '../../src/services/linkedin/linkedin-service.js';
import { systemClock } from '../../src/services/linkedin/system-clock.js';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import { createSecrets } from '../../src/services/secrets/secrets.js';
import { mutate } from '../../src/storage/mutate.js';
import { type Collection, EVERY_TENANT, type Store } from '../../src/storage/store.js';
import type { FakeClock } from './fake-clock.js';

export const COLLECTIONS = [identities, linkedinSessions, sealedSecrets] as readonly Collection<never>[];
export const TENANT = 'acme';
export const SEALING_KEY = randomBytes(32);

export interface Owner {
  readonly tenant: string;
  readonly identityId: string;
}

/** A service on a store, as one process has it. */
export interface Bench {
  readonly service: LinkedInService;
  readonly clock: Clock;
  /** Everything that was logged, at the lowest level. */
  readonly logged: () => string;
}

export function createBench(
  given: Store,
  options: Partial<LinkedInServiceOptions> & { readonly stepMs?: number } = {},
): Bench {
  const { clock = systemClock, stepMs = 5, ...rest } = options;
  const store = 'follow' in clock ? (clock as FakeClock).follow(given) : given;
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const service = createLinkedInService({
    store,
    clock,
    connector: createSimulatedConnector({ now: clock.now, stepMs }),
    secrets: createSecrets({ store, keys: [SEALING_KEY], now: clock.now }),
    log: pino({ level: 'trace' }, sink),
    ownerId: randomBytes(8).toString('hex'),
    ...rest,
  });
  return { service, clock, logged: () => lines.join('') };
}

export async function addIdentity(store: Store, tenant = TENANT): Promise<Owner> {
  const id = uuidv7();
  const origin = { contract: 'core', request: null, now: new Date().toISOString() } as const;
  await store.insert(identities, { tenant, id }, newIdentity({ tenant, id }, { givenName: 'Ada' }, origin));
  return { tenant, identityId: id };
}

/** What the identity service does before it hands over: the record becomes a tombstone. */
export async function markDeleted(store: Store, { tenant, identityId: id }: Owner): Promise<void> {
  await mutate(store, identities, { tenant, id }, (record) =>
    record.kind !== 'identity' ? record : deletedIdentity(record, new Date().toISOString()),
  );
}

export async function identityOf(store: Store, { tenant, identityId: id }: Owner): Promise<IdentityRecord> {
  const found = await store.get(identities, { tenant, id });
  if (found?.body.kind !== 'identity') throw new Error('no such identity');
  return found.body;
}

/** Waits, in real time, until the condition gives something. */
export async function until<T>(what: string, condition: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within 10 s: ${what}`);
    await sleep(5);
  }
}

export function untilState(
  { service }: Pick<Bench, 'service'>,
  owner: Owner,
  sessionId: string,
  ...states: SessionState[]
): Promise<SessionView> {
  return until(states.join(' or '), async () => {
    const session = await service.getSession(owner, sessionId);
    if (states.length === 0 ? isFinal(session) : states.includes(session.state)) return session;
    // What has ended another way will never get there.
    if (isFinal(session)) throw new Error(`ended as ${session.state}: ${JSON.stringify(session.error)}`);
    return undefined;
  });
}

/** Every document of every collection, as text. */
export async function dump(store: Store): Promise<string> {
  const all = await Promise.all(
    COLLECTIONS.map((collection) => store.find(collection, { tenant: EVERY_TENANT, limit: 10_000 })),
  );
  return JSON.stringify(all);
}
