import { status } from '@grpc/grpc-js';
import { type TOTP, URI } from 'otpauth';
import * as assert from 'uvu/assert';
import { AuthenticatorAssuranceLevel } from '../../src/gen/facet/v1/auth_session.js';
import { CredentialServiceDefinition } from '../../src/gen/facet/v1/credential_service.js';
import { CredentialType } from '../../src/gen/facet/v1/credential_type.js';
import { Identity, IdentityState } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { identities as stored } from '../../src/services/identity/collection.js';
import { forEachApp } from '../support/for-each-app.js';
import { failureText, type GrpcClient, grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';
import { withIdentifier } from './with-identifier.js';

const PASSWORD = 'correct horse battery staple';
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const TOTP_URL = 'otpauth://totp/Acme:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme';
const account = (provider: string, subject: string) => ({ provider, subject, organization: undefined });

forEachApp('credentials', {}, (test, context) => {
  let credentials: GrpcClient<typeof CredentialServiceDefinition>;
  let identities: GrpcClient<typeof IdentityServiceDefinition>;
  let stranger: GrpcClient<typeof CredentialServiceDefinition>;
  let count = 0;

  test.before(async () => {
    const { app } = context();
    const key = await app.key('acme', 'core');
    credentials = grpcClient(CredentialServiceDefinition, app.grpc, key);
    identities = grpcClient(IdentityServiceDefinition, app.grpc, key);
    stranger = grpcClient(CredentialServiceDefinition, app.grpc, await app.key('other', 'core'));
  });
  test.after(() => {
    for (const client of [credentials, identities, stranger]) client?.close();
  });

  /** An identity with an identifier of its own. */
  async function person(): Promise<{ identityId: string; identifier: string }> {
    const identifier = `p${++count}@example.com`;
    const { id } = await identities.createIdentity({ identity: Identity.decode(new Uint8Array()) });
    await withIdentifier(context().app.store, 'acme', id, identifier);
    return { identityId: id, identifier };
  }

  async function storedCredential(id: string, type: string) {
    const found = await context().app.store.get(stored, { tenant: 'acme', id });
    const record = found!.body as unknown as { credentials: { type: string; hash: string }[] };
    return record.credentials.find((each) => each.type === type)!;
  }

  test('a password opens a session, in any spelling of the identifier', async () => {
    const { identityId, identifier } = await person();
    const set = await credentials.setPassword({ identityId, password: PASSWORD });
    assert.equal([set.type, set.identifiers], [CredentialType.PASSWORD, [identifier]]);
    for (const spelled of [identifier, ` ${identifier.toUpperCase()} `]) {
      const { session, sessionToken } = await credentials.authenticate({
        identifier: spelled,
        password: PASSWORD,
      });
      assert.equal(
        [session!.identityId, session!.active, session!.authenticatorAssuranceLevel],
        [identityId, true, AuthenticatorAssuranceLevel.AAL1],
      );
      assert.is((await credentials.introspectSession({ sessionToken })).session!.identityId, identityId);
    }
    assert.is(
      (await identities.lookupIdentity({ credentialIdentifier: identifier.toUpperCase() })).id,
      identityId,
    );
  });

  test('an unknown identifier, a wrong password and none at all are answered alike', async () => {
    const { identityId, identifier } = await person();
    const none = await person();
    await credentials.setPassword({ identityId, password: PASSWORD });
    const answers: string[] = [];
    for (const name of [identifier, 'nobody@example.com', none.identifier]) {
      try {
        await credentials.authenticate({ identifier: name, password: 'wrong' });
        assert.unreachable();
      } catch (error) {
        answers.push(failureText(error).replace(/[0-9a-f-]{36}/, '<request>'));
      }
    }
    assert.match(answers[0]!, 'CREDENTIALS_INVALID');
    assert.is(new Set(answers).size, 1, answers.join('\n'));
    await refused(
      stranger.authenticate({ identifier, password: PASSWORD }),
      status.INVALID_ARGUMENT,
      'CREDENTIALS_INVALID',
    );
  });

  test('an identity that is not in use is refused, after the right password only', async () => {
    const { identityId, identifier } = await person();
    await credentials.setPassword({ identityId, password: PASSWORD });
    const { sessionToken } = await credentials.authenticate({ identifier, password: PASSWORD });
    const state = (to: IdentityState) =>
      identities.updateIdentity({
        identity: { ...Identity.decode(new Uint8Array()), id: identityId, state: to },
      });
    await state(IdentityState.INACTIVE);
    await refused(
      credentials.authenticate({ identifier, password: 'wrong' }),
      status.INVALID_ARGUMENT,
      'CREDENTIALS_INVALID',
    );
    await refused(
      credentials.authenticate({ identifier, password: PASSWORD }),
      status.FAILED_PRECONDITION,
      'IDENTITY_INACTIVE',
    );
    await state(IdentityState.ACTIVE);
    assert.is((await credentials.introspectSession({ sessionToken })).active, false);
    await credentials.authenticate({ identifier, password: PASSWORD });
  });

  test('after 20 wrong passwords the right one is refused, too, with when to come back', async () => {
    const { identityId, identifier } = await person();
    await credentials.setPassword({ identityId, password: PASSWORD });
    const tries = Array.from({ length: 24 }, () =>
      credentials.authenticate({ identifier, password: 'wrong' }),
    );
    const reasons = (await Promise.allSettled(tries)).map((each) =>
      each.status === 'rejected' && failureText(each.reason).includes('TOO_MANY_ATTEMPTS')
        ? 'throttled'
        : 'checked',
    );
    assert.is(reasons.filter((each) => each === 'checked').length, 20);
    await refused(
      credentials.authenticate({ identifier, password: PASSWORD }),
      status.RESOURCE_EXHAUSTED,
      'RetryInfo',
    );
  });

  test('an imported hash signs in, and is argon2id from then on', async () => {
    const { identityId, identifier } = await person();
    const password = { password: undefined, hashedPassword: BCRYPT };
    await credentials.importCredential({ identityId, password });
    const { etag } = await identities.getIdentity({ id: identityId });
    await credentials.authenticate({ identifier, password: 'U*U' });
    assert.match((await storedCredential(identityId, 'password')).hash, /^\$argon2id\$/);
    await credentials.authenticate({ identifier, password: 'U*U' });
    assert.is((await identities.getIdentity({ id: identityId })).etag, etag);
  });

  test('what cannot be imported is named by its field, and not repeated', async () => {
    const { identityId } = await person();
    const cases: [object, string][] = [
      [{ password: { password: undefined, hashedPassword: '$md5$planted' } }, 'password.hashed_password'],
      [{ totp: { totpUrl: 'https://planted' } }, 'totp.totp_url'],
      [{ oidc: { providers: [account('a:b', 'planted')] } }, 'oidc.providers[0].provider'],
    ];
    for (const [given, field] of cases) {
      try {
        await credentials.importCredential({ identityId, ...given });
        assert.unreachable(field);
      } catch (error) {
        assert.is((error as { code: number }).code, status.INVALID_ARGUMENT);
        assert.ok(failureText(error).includes(field), failureText(error));
        assert.not.ok(failureText(error).includes('planted'));
      }
    }
  });

  test('a totp code raises the session, once', async () => {
    const { identityId, identifier } = await person();
    await credentials.setPassword({ identityId, password: PASSWORD });
    await credentials.importCredential({ identityId, totp: { totpUrl: TOTP_URL } });
    const one = await credentials.authenticate({ identifier, password: PASSWORD });
    const other = await credentials.authenticate({ identifier, password: PASSWORD });
    const totpCode = (URI.parse(TOTP_URL) as TOTP).generate();
    const raised = await credentials.verifySecondFactor({ sessionToken: one.sessionToken, totpCode });
    assert.is(raised.authenticatorAssuranceLevel, AuthenticatorAssuranceLevel.AAL2);
    assert.equal(
      raised.authenticationMethods.map(({ method }) => method),
      [CredentialType.PASSWORD, CredentialType.TOTP],
    );
    await refused(
      credentials.verifySecondFactor({ sessionToken: other.sessionToken, totpCode }),
      status.INVALID_ARGUMENT,
      'CODE_INVALID',
    );
    await refused(
      credentials.verifySecondFactor({ sessionToken: 'facet_session_nothing', totpCode }),
      status.NOT_FOUND,
      'SESSION_NOT_FOUND',
    );
  });

  test('of 20 sessions that hand in one code at once, one is raised', async () => {
    const { identityId, identifier } = await person();
    await credentials.setPassword({ identityId, password: PASSWORD });
    const codes = [
      { code: 'only-once', useTime: undefined },
      { code: 'was-used', useTime: new Date() },
    ];
    await credentials.importCredential({ identityId, lookupSecret: { codes } });
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => credentials.authenticate({ identifier, password: PASSWORD })),
    );
    const lookup = (sessionToken: string, lookupSecret: string) =>
      credentials.verifySecondFactor({ sessionToken, lookupSecret });
    await refused(lookup(opened[0]!.sessionToken, 'was-used'), status.INVALID_ARGUMENT, 'CODE_INVALID');
    const raced = await Promise.allSettled(
      opened.map(({ sessionToken }) => lookup(sessionToken, 'only-once')),
    );
    assert.is(raced.filter((each) => each.status === 'fulfilled').length, 1);
    const list = (await credentials.listCredentials({ identityId })).credentials;
    assert.is(list.find(({ type }) => type === CredentialType.LOOKUP_SECRET)!.unusedCodes, 0);
  });

  test('wrong second factors are counted', async () => {
    const { identityId, identifier } = await person();
    await credentials.setPassword({ identityId, password: PASSWORD });
    await credentials.importCredential({ identityId, totp: { totpUrl: TOTP_URL } });
    const { sessionToken } = await credentials.authenticate({ identifier, password: PASSWORD });
    for (let n = 0; n < 5; n++)
      await refused(
        credentials.verifySecondFactor({ sessionToken, totpCode: '000000' }),
        status.INVALID_ARGUMENT,
      );
    const totpCode = (URI.parse(TOTP_URL) as TOTP).generate();
    await refused(
      credentials.verifySecondFactor({ sessionToken, totpCode }),
      status.RESOURCE_EXHAUSTED,
      'TOO_MANY_ATTEMPTS',
    );
  });

  test('an account belongs to one identity of the tenant, and is free again when it is deleted', async () => {
    const [one, other] = [await person(), await person()];
    const oidc = { providers: [account('google', 'ada'), account('github', 'ada')] };
    const made = await credentials.importCredential({ identityId: one.identityId, oidc });
    assert.equal(made.identifiers, ['google:ada', 'github:ada']);
    const same = { oidc: { providers: [account('google', 'ada')] } };
    await refused(
      credentials.importCredential({ identityId: other.identityId, ...same }),
      status.ALREADY_EXISTS,
      'credentials',
    );
    const which = { identityId: one.identityId, type: CredentialType.OIDC };
    await refused(credentials.deleteCredential(which), status.INVALID_ARGUMENT, 'identifier');
    await credentials.deleteCredential({ ...which, identifier: 'google:ada' });
    await credentials.importCredential({ identityId: other.identityId, ...same });
    await refused(
      credentials.deleteCredential({ ...which, identifier: 'github:ada' }),
      status.FAILED_PRECONDITION,
      'LAST_FIRST_FACTOR',
    );
  });

  test('a password that is deleted signs in no more; its identifier stays taken', async () => {
    const { identityId, identifier } = await person();
    await credentials.setPassword({ identityId, password: PASSWORD });
    await credentials.importCredential({ identityId, saml: { providers: [account('idp', identityId)] } });
    await credentials.deleteCredential({ identityId, type: CredentialType.PASSWORD });
    await refused(
      credentials.authenticate({ identifier, password: PASSWORD }),
      status.INVALID_ARGUMENT,
      'CREDENTIALS_INVALID',
    );
    const { id } = await identities.createIdentity({ identity: Identity.decode(new Uint8Array()) });
    try {
      await withIdentifier(context().app.store, 'acme', id, identifier);
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).name, 'ClaimTakenError');
    }
  });

  test('over REST: set, list, delete, sign in', async () => {
    const { identityId, identifier } = await person();
    const { acme } = context();
    const at = `/api/core/v1/identities/${identityId}/credentials`;
    assert.is((await acme('POST', `${at}:setPassword`, { password: PASSWORD })).status, 200);
    const { body } = await acme('POST', at, {
      oidc: { providers: [{ provider: 'x', subject: identityId }] },
    });
    assert.equal([body.type, body.identifiers], ['CREDENTIAL_TYPE_OIDC', [`x:${identityId}`]]);
    assert.is((await acme('DELETE', `${at}/CREDENTIAL_TYPE_PASSWORD`)).status, 200);
    const listed = (await acme('GET', at)).body.credentials;
    assert.equal(
      listed.map(({ type }: { type: string }) => type),
      ['CREDENTIAL_TYPE_OIDC'],
    );
    await acme('POST', `${at}:setPassword`, { password: PASSWORD });
    const signedIn = await acme('POST', '/api/core/v1/sessions:authenticate', {
      identifier,
      password: PASSWORD,
      device: { ipAddress: '192.0.2.1', userAgent: 'test' },
    });
    assert.is(signedIn.status, 200);
    assert.is(signedIn.body.session.devices[0].ipAddress, '192.0.2.1');
    const wrong = await acme('POST', '/api/core/v1/sessions:authenticate', { identifier, password: 'wrong' });
    assert.is(wrong.status, 400);
  });
});
