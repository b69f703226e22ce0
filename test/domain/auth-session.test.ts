import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AuthSessionRecord, holds, newAuthSession } from '../../src/domain/auth-session/auth-session.js';
import { raised, refreshed, revoked } from '../../src/domain/auth-session/session-change.js';
import { indexAuthSession } from '../../src/domain/auth-session/session-index.js';
import { authSessionView } from '../../src/domain/auth-session/view.js';
import type { IdentityRecord } from '../../src/domain/identity.js';
import { changeIdentity, newIdentity, withSessionsEnded } from '../../src/domain/identity-change.js';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const at = (hours: number, ms = 0) => new Date(START + hours * HOUR_MS + ms);
const time = (hours: number) => at(hours).toISOString();

const origin = { contract: 'core', request: null, now: time(0) } as const;
const identity = newIdentity({ tenant: 'acme', id: 'ada' }, {}, origin);
const session = newAuthSession(
  {
    id: 's',
    tenant: 'acme',
    identityId: 'ada',
    tokenHash: 'hash',
    epoch: 0,
    method: 'password',
    aal: 'aal1',
    device: { id: 'd', ipAddress: '192.0.2.1', userAgent: null, location: null },
  },
  at(0),
);
const ended = (change: () => unknown) =>
  assert.throws(change, (error: { reason?: string }) => error.reason === 'SESSION_NOT_FOUND');

const test = suite('auth sessions');

test('a session holds for 24 hours, to the millisecond', () => {
  assert.is(session.expiresAt, time(24));
  assert.ok(holds(session, identity, at(24, -1)));
  assert.not(holds(session, identity, at(24)));
});

test('a refresh puts the end off to 24 hours later, and never past 30 days after the beginning', () => {
  const day = refreshed(session, at(23));
  assert.is(day.expiresAt, time(47));
  let last = session;
  for (let hours = 20; hours < 30 * 24; hours += 20) last = refreshed(last, at(hours));
  assert.is(last.expiresAt, time(30 * 24));
  assert.is(refreshed(last, at(30 * 24, -1)), last);
  ended(() => refreshed(last, at(30 * 24)));
});

test('a refresh by a clock that is behind takes nothing away', () => {
  const later = refreshed(session, at(5));
  assert.is(refreshed(later, at(3)), later);
});

test('what has ended is neither refreshed nor raised, and is ended once', () => {
  const off = revoked(session, at(1));
  assert.is(off.revokedAt, time(1));
  assert.is(revoked(off, at(2)), off);
  ended(() => refreshed(off, at(2)));
  ended(() => raised(off, { method: 'totp', aal: 'aal2' }, at(2)));
  ended(() => refreshed(session, at(24)));
  ended(() => raised(session, { method: 'totp', aal: 'aal2' }, at(24)));
  assert.is(revoked(session, at(24)), session);
  assert.not(holds(off, identity, at(1)));
});

test('a second factor raises the level for good, and leaves the end where it was', () => {
  const two = raised(session, { method: 'totp', aal: 'aal2' }, at(1));
  assert.equal(two.methods, [
    { method: 'password', aal: 'aal1', completedAt: time(0) },
    { method: 'totp', aal: 'aal2', completedAt: time(1) },
  ]);
  assert.equal([two.authenticatedAt, two.issuedAt, two.expiresAt], [time(1), time(0), time(24)]);
  assert.is(authSessionView(session, identity, at(1)).aal, 'aal1');
  const again = raised(two, { method: 'password', aal: 'aal1' }, at(2));
  assert.is(authSessionView(again, identity, at(2)).aal, 'aal2');
});

test('a session holds only with the identity that it began with', () => {
  const off = changeIdentity(identity, { state: 'inactive' }, { contract: 'core', now: time(1) });
  const on = changeIdentity(off, { state: 'active' }, { contract: 'core', now: time(2) });
  const others: Record<string, IdentityRecord> = {
    'out of use': off,
    'in use again': on,
    'with its sessions ended': withSessionsEnded(identity),
    'merged into another one': { ...identity, id: 'countess' },
    'out of use from the beginning': { ...identity, state: 'inactive' },
  };
  for (const [what, other] of Object.entries(others)) assert.not(holds(session, other, at(3)), what);
  assert.ok(
    holds(session, changeIdentity(identity, { givenName: 'A' }, { contract: 'core', now: time(1) }), at(3)),
  );
  assert.ok(holds({ ...session, epoch: on.sessionEpoch }, on, at(3)));
});

test('a view has all but what the token is known by', () => {
  const view = authSessionView(session, identity, at(1));
  assert.equal(view, {
    id: 's',
    identityId: 'ada',
    active: true,
    aal: 'aal1',
    methods: session.methods,
    devices: session.devices,
    issuedAt: time(0),
    authenticatedAt: time(0),
    expiresAt: time(24),
  });
  assert.not.match(JSON.stringify(view), 'hash');
});

test('the end that is filtered by is the earlier one', () => {
  const ends = (each: AuthSessionRecord) => indexAuthSession(each).fields.endsAt;
  assert.is(ends(session), START + 24 * HOUR_MS);
  assert.is(ends(revoked(session, at(1))), START + HOUR_MS);
});

test.run();
