import bcrypt from 'bcryptjs';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type AdminRest, adminRest } from './rest.js';

const PASSWORD = 'correct horse battery staple';
const TOTP = 'otpauth://totp/Facet:ada?secret=JBSWY3DPEHPK3PXP&issuer=Facet';

forEachApp('admin credentials', {}, (test, context) => {
  let admin: AdminRest;
  let number = 0;
  test.before(async () => {
    admin = await adminRest(context().app, 'credentials');
  });
  const email = () => `c${number++}@example.com`;
  const withCredentials = (credentials: object) => admin.create({ email: email() }, { credentials });
  const remove = async (id: string, type: string, identifier = '') => {
    const query = identifier && `?identifier=${encodeURIComponent(identifier)}`;
    return admin.rest('DELETE', `/admin/identities/${id}/credentials/${type}${query}`);
  };

  test('every kind is imported, and shown without what is secret in it', async () => {
    const made = await withCredentials({
      password: { config: { hashed_password: bcrypt.hashSync(PASSWORD, 4) } },
      oidc: { config: { providers: [{ provider: 'github', subject: 'Ada', organization: null }] } },
      saml: { config: { providers: [{ provider: 'idp', subject: '7' }] } },
      totp: { config: { totp_url: TOTP } },
      lookup_secret: { config: { codes: [{ code: 'abcd-efgh' }, { code: 'ijkl-mnop' }] } },
      webauthn: { config: { user_handle: 'aGFuZGxl', credentials: [{ id: 'a', public_key: 'b' }] } },
    });
    const credentials = made.credentials as Record<string, { identifiers: string[]; config?: object }>;
    assert.equal(Object.keys(credentials).sort(), [
      'lookup_secret',
      'oidc',
      'password',
      'saml',
      'totp',
      'webauthn',
    ]);
    assert.equal([credentials.oidc!.identifiers, credentials.saml!.identifiers], [['github:Ada'], ['idp:7']]);
    assert.equal(credentials.password!.identifiers, [(made.traits as { email: string }).email]);
    assert.is(
      Object.values(credentials).some((each) => 'config' in each),
      false,
    );

    const all = Object.keys(credentials)
      .map((type) => `include_credential=${type}`)
      .join('&');
    const shown = (await admin.rest('GET', `/admin/identities/${made.id}?${all}`)).body.credentials;
    for (const type of ['password', 'totp', 'lookup_secret']) assert.equal(shown[type].config, {}, type);
    assert.equal(shown.oidc.config.providers, [{ provider: 'github', subject: 'Ada', organization: null }]);
    assert.equal(shown.webauthn.config.credentials, [{ id: 'a', public_key: 'b' }]);
    assert.not.match(JSON.stringify(shown), /JBSW|\$2|abcd-efgh/);
    const listed = (await admin.rest('GET', `/admin/identities?ids=${made.id}&include_credential=oidc`))
      .body[0];
    assert.is('config' in listed.credentials.password, false);
    assert.equal(listed.credentials.oidc.config, shown.oidc.config);
    const found = await admin.rest('GET', '/admin/identities?credentials_identifier=github:Ada');
    assert.equal(
      found.body.map(({ id }: { id: string }) => id),
      [made.id],
    );
  });

  for (const [what, credentials, named] of [
    ['an empty password', { password: { config: { password: '' } } }, 'credentials.password.config.password'],
    [
      'a password of 1,025 bytes',
      { password: { config: { password: 'ä'.repeat(513) } } },
      'password.config.password',
    ],
    ['neither password nor hash', { password: { config: {} } }, 'credentials.password.config'],
    ['no config', { password: {} }, 'credentials.password.config'],
    ['an unknown hash', { password: { config: { hashed_password: '$md5$x' } } }, 'hashed_password'],
    [
      'a hash that eats memory',
      {
        password: {
          config: { hashed_password: '$argon2id$v=19$m=99999999,t=9,p=9$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo' },
        },
      },
      'hashed_password',
    ],
    ['a totp URL that is none', { totp: { config: { totp_url: 'https://example.com' } } }, 'totp_url'],
    ['no accounts', { oidc: { config: { providers: [] } } }, 'credentials.oidc.config.providers'],
    ['an account without subject', { oidc: { config: { providers: [{ provider: 'a' }] } } }, 'subject'],
    ['passkeys', { passkey: { config: {} } }, 'credentials.passkey'],
    [
      'an unknown member',
      { password: { config: { password: 'x', use_password_migration_hook: true } } },
      'use_password_migration_hook',
    ],
  ] as const) {
    test(`${what} is 400 naming it, in a create and in a replacement`, async () => {
      const { id } = await admin.create({});
      const body = { traits: {}, credentials };
      for (const answer of [
        await admin.rest('POST', '/admin/identities', body),
        await admin.rest('PUT', `/admin/identities/${id}`, body),
      ]) {
        assert.is(answer.status, 400, JSON.stringify(answer.body));
        assert.ok(answer.body.error.reason.includes(named), answer.body.error.reason);
      }
    });
  }

  test('a password of 1,024 bytes is taken', async () => {
    await withCredentials({ password: { config: { password: 'x'.repeat(1024) } } });
  });

  test('a replacement keeps credentials, and adds what it imports', async () => {
    const { id, traits } = await withCredentials({ password: { config: { password: PASSWORD } } });
    const path = `/admin/identities/${id}`;
    const kept = await admin.rest('PUT', path, { traits });
    assert.equal(Object.keys(kept.body.credentials), ['password']);
    const providers = (subject: string) => ({
      oidc: { config: { providers: [{ provider: 'github', subject }] } },
    });
    await admin.rest('PUT', path, { traits, credentials: providers(`${id}-1`) });
    const two = await admin.rest('PUT', path, { traits, credentials: providers(`${id}-2`) });
    assert.equal(two.body.credentials.oidc.identifiers, [`github:${id}-1`, `github:${id}-2`]);
    assert.ok(two.body.credentials.password);
  });

  test('an account is one identity’s only', async () => {
    const credentials = { oidc: { config: { providers: [{ provider: 'github', subject: 'only' }] } } };
    await withCredentials(credentials);
    const again = await admin.rest('POST', '/admin/identities', { traits: {}, credentials });
    assert.is(again.status, 409);
    assert.match(again.body.error.reason, 'credentials');
  });

  test('credentials imported into a record of another contract join those that it has', async () => {
    const core = await admin.rest('POST', '/api/core/v1/identities', { givenName: 'Ada' });
    const made = await admin.rest(
      'POST',
      '/admin/identities',
      { traits: { email: email() }, credentials: { password: { config: { password: PASSWORD } } } },
      { 'facet-identity': core.body.id },
    );
    assert.equal([made.status, made.body.id], [201, core.body.id]);
    assert.equal(Object.keys(made.body.credentials), ['password']);
  });

  test('a create with a password can be repeated; with another password it is another request', async () => {
    const traits = { email: email() };
    const create = (password: string) =>
      admin.rest(
        'POST',
        '/admin/identities',
        { traits, credentials: { password: { config: { password } } } },
        { 'idempotency-key': 'with-password' },
      );
    const [one, two] = [await create(PASSWORD), await create(PASSWORD)];
    assert.equal([one.status, two.status, two.body.id], [201, 201, one.body.id]);
    assert.is((await create('another password')).status, 422);
  });

  test('K-7: deleting, type by type', async () => {
    const made = await withCredentials({
      password: { config: { password: PASSWORD } },
      oidc: {
        config: {
          providers: [
            { provider: 'a', subject: 'k7-1' },
            { provider: 'a', subject: 'k7-2' },
          ],
        },
      },
      totp: { config: { totp_url: TOTP } },
    });
    const { id } = made;
    assert.is((await remove(id, 'oidc')).status, 400);
    assert.is((await remove(id, 'saml', 'a:b')).status, 404);
    assert.is((await remove(id, 'oidc', 'a:k7-3')).status, 404);
    for (const type of ['passkey', 'code', 'shoe']) {
      const unknown = await remove(id, type);
      assert.is(unknown.status, 400);
      assert.match(unknown.body.error.reason, 'lookup_secret');
    }
    assert.is((await remove(id, 'lookup_secret')).status, 404);
    assert.is((await remove(id, 'totp')).status, 204);
    assert.is((await remove(id, 'oidc', 'a:k7-1')).status, 204);
    assert.is((await remove(id, 'password')).status, 204);
    const last = await remove(id, 'oidc', 'a:k7-2');
    assert.is(last.status, 400);
    assert.match(last.body.error.reason, /last first factor/i);
    // The account is free again, and the e-mail stays the identity's.
    await withCredentials({ oidc: { config: { providers: [{ provider: 'a', subject: 'k7-1' }] } } });
    assert.is((await admin.rest('POST', '/admin/identities', { traits: made.traits })).status, 409);
  });

  test('no answer, list or error of this contract holds a password or its hash', async () => {
    const secret = `canary-${Math.random()}`;
    const credentials = { password: { config: { password: secret } } };
    const { id, traits } = await withCredentials(credentials);
    const path = `/admin/identities/${id}`;
    const seen = [
      await admin.rest('POST', '/admin/identities', { traits, credentials }),
      await admin.rest('PUT', path, { traits, credentials }),
      await admin.rest('PUT', path, { traits: { shoe: 1 }, credentials }),
      await admin.rest('GET', `${path}?include_credential=password`),
      await admin.rest('GET', `/admin/identities?ids=${id}&include_credential=password`),
      await admin.patch(id, {
        op: 'test',
        path: '/credentials/password/config/hashed_password',
        value: secret,
      }),
    ];
    for (const answer of seen) assert.not.match(JSON.stringify(answer.body), new RegExp(`${secret}|argon2`));
  });
});
