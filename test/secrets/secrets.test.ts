import { randomBytes } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import { createKeyring } from '../../src/services/secrets/keyring.js';
import { seal, UnsealError, unseal } from '../../src/services/secrets/sealing.js';
import { createSecrets, SecretGoneError } from '../../src/services/secrets/secrets.js';
import type { Collection } from '../../src/storage/store.js';
import { forEachStore } from '../support/stores.js';

const OLD = randomBytes(32);
const NEW = randomBytes(32);
const OWNER = { tenant: 'acme', identityId: 'i1', sessionId: 's1' };
const LATER = Date.now() + 3_600_000;

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => assert.unreachable('it should have been refused'),
    (error: unknown) => error,
  );
}

const sealing = suite('sealing');

sealing('what is sealed comes back, and looks different every time', () => {
  const keyring = createKeyring([NEW]);
  const text = 'pässwörd 🔑 \u0000';
  const one = seal(keyring, 'owner', text);
  assert.is(unseal(keyring, 'owner', one), text);
  assert.not.equal(seal(keyring, 'owner', text).box, one.box);
  assert.not.ok(JSON.stringify(one).includes(text));
});

sealing('a seal opens for its owner only', () => {
  const keyring = createKeyring([NEW]);
  assert.throws(
    () => unseal(keyring, 'other', seal(keyring, 'owner', 'x')),
    (e: unknown) => e instanceof UnsealError,
  );
});

sealing('any single altered byte is found', () => {
  const keyring = createKeyring([NEW]);
  const sealed = seal(keyring, 'owner', 'secret');
  for (const field of ['box', 'dataKey'] as const) {
    const bytes = Buffer.from(sealed[field], 'base64');
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      const forged = { ...sealed, [field]: altered.toString('base64') };
      assert.throws(
        () => unseal(keyring, 'owner', forged),
        (e: unknown) => e instanceof UnsealError,
      );
    }
  }
  for (const short of ['', 'AA==', sealed.box.slice(0, 20)]) {
    assert.throws(
      () => unseal(keyring, 'owner', { ...sealed, box: short }),
      (e: unknown) => e instanceof UnsealError,
    );
  }
});

sealing('after a rotation the old key still opens and the new one seals', () => {
  const before = seal(createKeyring([OLD]), 'owner', 'x');
  const rotated = createKeyring([NEW, OLD]);
  assert.is(unseal(rotated, 'owner', before), 'x');
  assert.not.equal(seal(rotated, 'owner', 'x').keyId, before.keyId);
  assert.throws(
    () => unseal(createKeyring([NEW]), 'owner', before),
    (e: unknown) => e instanceof UnsealError,
  );
});

sealing('keys of a wrong length, or none, are refused', () => {
  assert.throws(
    () => createKeyring([]),
    (e: unknown) => e instanceof RangeError,
  );
  assert.throws(
    () => createKeyring([randomBytes(31)]),
    (e: unknown) => e instanceof RangeError,
  );
});

sealing.run();

forEachStore('secrets', [sealedSecrets] as readonly Collection<never>[], (test, ctx) => {
  const secretsWith = (keys: readonly Uint8Array[], now = Date.now) =>
    createSecrets({ store: ctx.store, keys, now });

  test('a secret is opened once with each lease, and never with an older one', async () => {
    const secrets = secretsWith([NEW]);
    const id = await secrets.seal(OWNER, 'pw', LATER);
    assert.is(await secrets.open(OWNER, id, 2), 'pw');
    assert.instance(await rejection(secrets.open(OWNER, id, 2)), SecretGoneError);
    assert.instance(await rejection(secrets.open(OWNER, id, 1)), SecretGoneError);
    assert.is(await secrets.open(OWNER, id, 3), 'pw');
  });

  test('of two holders of the same token one gets the secret', async () => {
    const secrets = secretsWith([NEW]);
    const id = await secrets.seal(OWNER, 'pw', LATER);
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => secrets.open(OWNER, id, 1)));
    assert.is(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('a secret cannot be opened in the name of another session', async () => {
    const secrets = secretsWith([NEW]);
    const id = await secrets.seal(OWNER, 'pw', LATER);
    for (const other of [{ identityId: 'i2' }, { sessionId: 's2' }, { tenant: 'other' }]) {
      assert.instance(await rejection(secrets.open({ ...OWNER, ...other }, id, 1)), SecretGoneError);
    }
    assert.is(await secrets.open(OWNER, id, 1), 'pw');
  });

  test('a lapsed secret cannot be opened, and goes', async () => {
    let now = Date.now();
    const secrets = secretsWith([NEW], () => now);
    const id = await secrets.seal(OWNER, 'pw', now + 60_000);
    now += 60_000;
    assert.instance(await rejection(secrets.open(OWNER, id, 1)), SecretGoneError);
    now += 1;
    assert.ok((await secrets.eraseExpired()) >= 1);
    assert.is(await ctx.store.get(sealedSecrets, { tenant: 'acme', id }), undefined);
  });

  test('erasing a session takes all its secrets and no other', async () => {
    const secrets = secretsWith([NEW]);
    const owner = { ...OWNER, sessionId: 's9' };
    const mine = [await secrets.seal(owner, 'pw', LATER), await secrets.seal(owner, '123456', LATER)];
    const other = await secrets.seal({ ...OWNER, sessionId: 's99' }, 'pw', LATER);
    await secrets.eraseSession(owner);
    for (const id of mine) assert.instance(await rejection(secrets.open(owner, id, 1)), SecretGoneError);
    assert.is(await secrets.open({ ...OWNER, sessionId: 's99' }, other, 1), 'pw');
  });

  test('equal values of one identity are told, across a rotation too', () => {
    const known = secretsWith([OLD]).fingerprint(OWNER, ['ada', 'pw']);
    const rotated = secretsWith([NEW, OLD]);
    assert.ok(rotated.matches(known, OWNER, ['ada', 'pw']));
    assert.not.ok(rotated.matches(known, OWNER, ['ada', 'pW']));
    assert.not.ok(rotated.matches(known, OWNER, ['adap', 'w']));
    assert.not.ok(rotated.matches(known, { ...OWNER, identityId: 'i2' }, ['ada', 'pw']));
    assert.not.ok(secretsWith([NEW]).matches(known, OWNER, ['ada', 'pw']));
    assert.not.ok(rotated.matches('garbage', OWNER, ['ada', 'pw']));
  });
});
