import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { IdentityChange } from '../../src/domain/identity.js';
import { changeIdentity, newIdentity } from '../../src/domain/identity-change.js';
import { indexIdentity } from '../../src/domain/identity-index.js';
import { fullName, jobTitleOf, nameParts, shownName } from '../../src/domain/names.js';
import { isFromTraits, shownContacts } from '../../src/domain/shown-contacts.js';

const shown = suite('what traits show in other views');

const now = '2026-01-01T00:00:00.000Z';
const later = '2026-02-01T00:00:00.000Z';
const made = (change: IdentityChange) =>
  newIdentity({ tenant: 't', id: 'i' }, change, { contract: 'core', request: null, now });
const names = { givenName: 'Ada', middleName: 'King', familyName: 'Byron', jobTitle: 'Analyst' };
const facts = { identifiers: [], verifiable: [], recovery: [], names };
const address = (id: string, value: string, via = 'email') => ({
  id,
  value,
  via,
  verified: false,
  status: 'pending',
  verifiedAt: null,
  createTime: now,
  updateTime: now,
});

shown('a record without names has those of its traits', () => {
  const record = made({ traitFacts: facts });
  assert.is(fullName(record), 'Ada King Byron');
  assert.is(shownName(record), 'Ada King Byron');
  assert.equal(nameParts(record), { given: 'Ada', family: 'Byron' });
  assert.is(jobTitleOf(record), 'Analyst');
  const { fields } = indexIdentity(record);
  assert.equal(
    [fields.name, fields.givenName, fields.middleName, fields.familyName, fields.jobTitle],
    ['ada king byron', 'ada', 'king', 'byron', 'analyst'],
  );
});

shown('any name of its own puts those of the traits aside', () => {
  assert.is(fullName(made({ familyName: 'Lovelace', traitFacts: facts })), 'Lovelace');
  assert.equal(nameParts(made({ displayName: 'Countess', traitFacts: facts })), {
    given: 'Countess',
    family: null,
  });
  assert.is(jobTitleOf(made({ jobTitle: 'Countess', traitFacts: facts })), 'Countess');
});

shown('addresses are contacts after the own ones, each value once', () => {
  const record = made({
    newContacts: [],
    verifiableAddresses: [address('v1', 'ada@b.co'), address('v2', '+4915112345678', 'sms')],
    recoveryAddresses: [address('r1', 'Ada@B.co'), address('r2', 'not an address'), address('r3', 'c@d.co')],
  });
  assert.equal(
    shownContacts(record).map(({ id, key, value }) => [id, key, value]),
    [
      ['v1', 'email', 'ada@b.co'],
      ['v2', 'phone', '+4915112345678'],
      ['r3', 'email', 'c@d.co'],
    ],
  );
  assert.is(isFromTraits(record, 'v1'), true);
  assert.is(isFromTraits(record, 'other'), false);
  assert.ok(indexIdentity(record).tokens.includes('["contact","c@d.co"]'));
});

shown('an identifier is claimed and found whether or not a credential is set', () => {
  const identifiers = [
    { credential: 'password', value: 'ada@b.co' },
    { credential: 'password', value: 'ada@b.co' },
    { credential: 'uuid', value: '9' },
  ];
  const { claims, tokens } = indexIdentity(made({ traitFacts: { ...facts, identifiers } }));
  assert.equal(
    claims.filter((held) => held.startsWith('["password"')),
    ['["password","ada@b.co"]'],
  );
  assert.not.ok(claims.includes('["uuid","9"]'));
  assert.ok(tokens.includes('["credential","ada@b.co"]'));
});

shown('the state has a time of its own, and going out of use ends the sessions for good', () => {
  const record = made({});
  const origin = { contract: 'core' as const, now: later };
  const renamed = changeIdentity(record, { givenName: 'Ada', state: 'active' }, origin);
  assert.equal([renamed.stateChangeTime, renamed.sessionEpoch], [now, 0]);
  const put = changeIdentity(renamed, { state: 'inactive' }, origin);
  assert.equal([put.stateChangeTime, put.sessionEpoch, put.sessionsEnding], [later, 1, true]);
  const back = changeIdentity(put, { state: 'active' }, { ...origin, now: '2026-03-01T00:00:00.000Z' });
  assert.equal([back.stateChangeTime, back.sessionEpoch], ['2026-03-01T00:00:00.000Z', 1]);
});

shown.run();
