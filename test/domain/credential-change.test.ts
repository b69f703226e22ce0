import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CredentialRecord } from '../../src/domain/credential/credential.js';
import {
  deleteCredential,
  importCredentials,
  type PreparedCredential,
} from '../../src/domain/credential/credential-change.js';
import { configPath, importFaults, passwordFault } from '../../src/domain/credential/import.js';
import { withLookupUsed, withRehash, withStepUsed } from '../../src/domain/credential/used-credential.js';
import { FacetError } from '../../src/domain/errors.js';
import type { IdentityRecord } from '../../src/domain/identity.js';
import { newIdentity } from '../../src/domain/identity-change.js';
import { indexIdentity } from '../../src/domain/identity-index.js';

const test = suite('credentials of a record');

const now = '2026-01-01T00:00:00.000Z';
const later = '2026-02-01T00:00:00.000Z';
const account = (provider: string, subject: string) => ({ provider, subject, organization: null });
const oidc = (...connections: ReturnType<typeof account>[]): PreparedCredential => ({
  type: 'oidc',
  connections,
});
const password = (hash: string): PreparedCredential => ({ type: 'password', hash });
const totp: PreparedCredential = { type: 'totp', sealedUrl: 'sealed', lastStep: null };
const lookup: PreparedCredential = {
  type: 'lookup_secret',
  salt: 's',
  codes: [
    { hash: 'h1', usedAt: null },
    { hash: 'h2', usedAt: null },
  ],
};
const imported = (...prepared: PreparedCredential[]) => importCredentials([], prepared, now);
const recordWith = (credentials: readonly CredentialRecord[]): IdentityRecord =>
  newIdentity({ tenant: 't', id: 'i' }, { credentials }, { contract: 'core', request: null, now });

function throws(run: () => unknown, reason: string): void {
  try {
    run();
  } catch (error) {
    assert.instance(error, FacetError);
    assert.is((error as FacetError).reason, reason);
    return;
  }
  assert.unreachable(reason);
}

test('an import takes the place of its kind, and leaves the others', () => {
  const before = imported(password('one'), totp);
  const after = importCredentials(before, [password('two')], later);
  assert.equal(
    after.map(({ type, createTime, updateTime }) => [type, createTime, updateTime]),
    [
      ['password', now, later],
      ['totp', now, now],
    ],
  );
  assert.is((after[0] as { hash: string }).hash, 'two');
  assert.is((before[0] as { hash: string }).hash, 'one');
});

test('accounts join those that are there, each once', () => {
  const after = importCredentials(
    imported(oidc(account('a', '1'), account('b', '2'))),
    [oidc(account('b', '2'), account('c', '3'))],
    later,
  );
  assert.equal(
    indexIdentity(recordWith(after)).claims.filter((claim) => claim.startsWith('["oidc"')),
    ['["oidc","a:1"]', '["oidc","b:2"]', '["oidc","c:3"]'],
  );
});

test('the last of password, oidc and saml stays', () => {
  throws(() => deleteCredential(imported(password('h'), totp), { type: 'password' }), 'LAST_FIRST_FACTOR');
  throws(
    () => deleteCredential(imported(oidc(account('a', '1'))), { type: 'oidc', identifier: 'a:1' }),
    'LAST_FIRST_FACTOR',
  );
  assert.equal(
    deleteCredential(imported(password('h'), oidc(account('a', '1'))), { type: 'password' }).map(
      ({ type }) => type,
    ),
    ['oidc'],
  );
  assert.equal(
    deleteCredential(imported(password('h'), totp), { type: 'totp' }).map(({ type }) => type),
    ['password'],
  );
});

test('one account is deleted, the others stay; what is not there is not found', () => {
  const two = imported(oidc(account('a', '1'), account('b', '2')));
  const [left] = deleteCredential(two, { type: 'oidc', identifier: 'a:1' });
  assert.equal((left as { connections: unknown }).connections, [account('b', '2')]);
  throws(() => deleteCredential(two, { type: 'oidc', identifier: 'c:3' }), 'CREDENTIAL_NOT_FOUND');
  throws(() => deleteCredential(two, { type: 'oidc' }), 'CREDENTIAL_NOT_FOUND');
  throws(() => deleteCredential(two, { type: 'saml', identifier: 'a:1' }), 'CREDENTIAL_NOT_FOUND');
  throws(() => deleteCredential(two, { type: 'password' }), 'CREDENTIAL_NOT_FOUND');
});

test('a time step is taken once, and none before it', () => {
  const once = withStepUsed(recordWith(imported(totp)), 10);
  for (const step of [10, 9, undefined]) throws(() => withStepUsed(once, step), 'CODE_INVALID');
  assert.is((withStepUsed(once, 11).credentials[0] as { lastStep: number }).lastStep, 11);
  throws(() => withStepUsed(recordWith([]), 10), 'CODE_INVALID');
});

test('a one-time code is taken once, each for itself', () => {
  const is = (hash: string) => (code: { hash: string }) => code.hash === hash;
  const once = withLookupUsed(recordWith(imported(lookup)), is('h1'), later);
  throws(() => withLookupUsed(once, is('h1'), later), 'CODE_INVALID');
  throws(() => withLookupUsed(once, is('h3'), later), 'CODE_INVALID');
  const twice = withLookupUsed(once, is('h2'), later);
  assert.equal((twice.credentials[0] as { codes: unknown }).codes, [
    { hash: 'h1', usedAt: later },
    { hash: 'h2', usedAt: later },
  ]);
  assert.equal([twice.version, twice.updateTime], [1, now]);
});

test('a new hash does not undo a password that was set meanwhile', () => {
  const record = recordWith(imported(password('set meanwhile')));
  assert.is(withRehash(record, 'old', 'new'), record);
  assert.is((withRehash(record, 'set meanwhile', 'new').credentials[0] as { hash: string }).hash, 'new');
});

test('a password is 1 to 1,024 bytes, not characters', () => {
  assert.equal(passwordFault('ü'.repeat(512), 'p'), []);
  assert.is(passwordFault('ü'.repeat(512) + 'u', 'p')[0]!.field, 'p');
  assert.is(passwordFault('', 'p').length, 1);
});

test('every field at fault in an import is named by its path', () => {
  const faults = importFaults(
    {
      password: {},
      oidc: { providers: [{ provider: 'a:b', subject: '' }] },
      saml: { providers: [] },
      lookupSecret: { codes: [{ code: 'c', usedAt: 'yesterday' }] },
      webauthn: { userHandle: 'u', credentials: ['x'.repeat(70_000)] },
    },
    configPath('credentials'),
  );
  assert.equal(
    faults.map(({ field }) => field),
    [
      'credentials.password.config.password',
      'credentials.oidc.config.providers[0].subject',
      'credentials.oidc.config.providers[0].provider',
      'credentials.saml.config.providers',
      'credentials.lookup_secret.config.codes[0].used_at',
      'credentials.webauthn.config.credentials',
    ],
  );
});

test.run();
