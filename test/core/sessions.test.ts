import { status } from '@grpc/grpc-js';
import { uuidv7 } from 'uuidv7';
import * as assert from 'uvu/assert';
import { AuthenticatorAssuranceLevel } from '../../src/gen/facet/v1/auth_session.js';
import { CredentialServiceDefinition } from '../../src/gen/facet/v1/credential_service.js';
import { CredentialType } from '../../src/gen/facet/v1/credential_type.js';
import { forEachApp } from '../support/for-each-app.js';
import { type GrpcClient, grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';
import { type Rest, restAs } from '../support/rest.js';

forEachApp('facet.v1.CredentialService, sessions', {}, (test, context) => {
  let credentials: GrpcClient<typeof CredentialServiceDefinition>;
  let rest: Rest;
  const scoped: Record<string, Rest> = {};
  test.before(async () => {
    const { app } = context();
    const key = await app.key('sessions', 'core');
    credentials = grpcClient(CredentialServiceDefinition, app.grpc, key);
    rest = restAs(app.rest, key);
    for (const scope of ['read', 'write', 'admin'] as const)
      scoped[scope] = restAs(app.rest, await app.key('sessions', 'core', scope));
  });
  test.after(() => credentials?.close());

  const identity = async () => (await rest('POST', '/v1/identities', { givenName: 'Ada' })).body.id as string;
  const signIn = (identityId: string) =>
    credentials.createSession({ identityId, method: CredentialType.PASSWORD });

  test('over gRPC: opened, listed, introspected, refreshed, revoked', async () => {
    const identityId = await identity();
    const device = { id: 'ignored', ipAddress: '2001:db8::1', userAgent: 'Lynx' };
    const { session, sessionToken } = await credentials.createSession({
      identityId,
      method: CredentialType.WEBAUTHN,
      authenticatorAssuranceLevel: AuthenticatorAssuranceLevel.AAL2,
      device,
    });
    assert.ok(session);
    assert.equal(
      [session.identityId, session.active, session.authenticatorAssuranceLevel],
      [identityId, true, AuthenticatorAssuranceLevel.AAL2],
    );
    assert.is(session.authenticationMethods[0]?.method, CredentialType.WEBAUTHN);
    assert.is(session.expireTime!.getTime() - session.issueTime!.getTime(), 24 * 3_600_000);
    const [shown] = session.devices;
    assert.equal([shown?.ipAddress, shown?.userAgent, shown?.location], ['2001:db8::1', 'Lynx', undefined]);
    assert.is.not(shown?.id, 'ignored');
    assert.equal((await credentials.listSessions({ identityId })).sessions, [session]);
    assert.equal(await credentials.introspectSession({ sessionToken }), { active: true, session });
    const refreshed = await credentials.refreshSession({ sessionToken });
    assert.ok(refreshed.expireTime! > session.expireTime!);
    const key = { identityId, authSessionId: session.id };
    assert.equal(await credentials.getSession(key), refreshed);
    await credentials.revokeSession(key);
    await credentials.revokeSession(key);
    const gone = { active: false, session: undefined };
    assert.equal(await credentials.introspectSession({ sessionToken }), gone);
    assert.is((await credentials.getSession(key)).active, false);
    await refused(credentials.refreshSession({ sessionToken }), status.NOT_FOUND, 'SESSION_NOT_FOUND');
  });

  test('over REST: the same, in the core contract', async () => {
    const id = await identity();
    const path = `/v1/identities/${id}/sessions`;
    const made = await rest('POST', path, {
      method: 'CREDENTIAL_TYPE_OIDC',
      device: { location: 'Paris, FR' },
    });
    assert.is(made.status, 200);
    const { session, sessionToken } = made.body;
    assert.is(session.authenticatorAssuranceLevel, 'AUTHENTICATOR_ASSURANCE_LEVEL_AAL1');
    assert.equal((await rest('GET', path)).body, { sessions: [session], nextPageToken: '' });
    assert.equal((await rest('GET', `${path}/${session.id}`)).body, session);
    const looked = await rest('POST', '/v1/sessions:introspect', { sessionToken });
    assert.equal(looked.body, { active: true, session });
    assert.is((await rest('POST', '/v1/sessions:refresh', { sessionToken })).body.id, session.id);
    assert.is((await rest('DELETE', `${path}/${session.id}`)).status, 200);
    assert.equal((await rest('POST', '/v1/sessions:introspect', { sessionToken })).body.active, false);
    await rest('POST', path, { method: 'CREDENTIAL_TYPE_OIDC' });
    const last = await rest('POST', path, { method: 'CREDENTIAL_TYPE_OIDC' });
    const but = await rest('DELETE', `${path}?exceptSessionId=${last.body.session.id}`);
    assert.equal(but.body, { revokedCount: 1 });
    assert.equal((await rest('DELETE', path)).body, { revokedCount: 1 });
    assert.equal((await rest('DELETE', path)).body, { revokedCount: 0 });
  });

  test('a token is in the answer that opens its session, and in no other', async () => {
    const id = await identity();
    const { body } = await rest('POST', `/v1/identities/${id}/sessions`, { method: 'CREDENTIAL_TYPE_OIDC' });
    const { sessionToken, session } = body;
    const answers = [
      await rest('GET', `/v1/identities/${id}`),
      await rest('GET', `/v1/identities/${id}/sessions`),
      await rest('GET', `/v1/identities/${id}/sessions/${session.id}`),
      await rest('POST', '/v1/sessions:introspect', { sessionToken }),
      await rest('POST', '/v1/sessions:refresh', { sessionToken }),
      await rest('POST', '/v1/sessions:introspect', { sessionToken: [sessionToken] }),
      await rest('DELETE', `/v1/identities/${id}/sessions`),
      await rest('POST', '/v1/sessions:refresh', { sessionToken }),
    ];
    const secret = sessionToken.slice('facet_session_'.length);
    assert.equal(
      answers.map(({ status: code }) => code),
      [200, 200, 200, 200, 200, 400, 200, 404],
    );
    for (const answer of answers) assert.not.match(JSON.stringify(answer.body), secret);
  });

  test('the filter tells those that hold from those that have ended', async () => {
    const identityId = await identity();
    const [one, other] = [await signIn(identityId), await signIn(identityId)];
    await credentials.revokeSession({ identityId, authSessionId: one.session!.id });
    const listed = async (query: string) =>
      (await rest('GET', `/v1/identities/${identityId}/sessions${query}`)).body.sessions.map(
        (each: { id: string }) => each.id,
      );
    assert.equal(await listed('?active=true'), [other.session!.id]);
    assert.equal(await listed('?active=false'), [one.session!.id]);
    assert.equal(await listed(''), [other.session!.id, one.session!.id]);
    assert.is((await rest('GET', `/v1/identities/${identityId}/sessions?active=maybe`)).status, 400);
  });

  test('pages have every session once, by tokens that are good for this list alone', async () => {
    const [identityId, another] = [await identity(), await identity()];
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await signIn(identityId)).session!.id);
    const walked: string[] = [];
    let pageToken = '';
    do {
      const page = await credentials.listSessions({ identityId, pageSize: 2, pageToken });
      walked.push(...page.sessions.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.equal(walked, ids);
    const { nextPageToken } = await credentials.listSessions({ identityId, pageSize: 2 });
    for (const request of [
      { identityId: another, pageToken: nextPageToken },
      { identityId, pageToken: nextPageToken, active: true },
      { identityId, pageToken: 'garbage' },
    ])
      await refused(credentials.listSessions(request), status.INVALID_ARGUMENT, 'page_token');
  });

  for (const [field, body] of [
    ['method', {}],
    ['method', { method: 'CREDENTIAL_TYPE_UNSPECIFIED' }],
    ['method', { method: 'CREDENTIAL_TYPE_TOTP' }],
    ['method', { method: 'CREDENTIAL_TYPE_LOOKUP_SECRET' }],
    ['method', { method: 99 }],
    ['level', { method: 'CREDENTIAL_TYPE_OIDC', authenticatorAssuranceLevel: 7 }],
    ['ip_address', { method: 'CREDENTIAL_TYPE_OIDC', device: { ipAddress: '300.1.1.1' } }],
    ['user_agent', { method: 'CREDENTIAL_TYPE_OIDC', device: { userAgent: 'x'.repeat(1025) } }],
    ['location', { method: 'CREDENTIAL_TYPE_OIDC', device: { location: 'x'.repeat(256) } }],
  ] as const) {
    test(`no session is opened with ${JSON.stringify(body).slice(0, 70)}`, async () => {
      const id = await identity();
      const answer = await rest('POST', `/v1/identities/${id}/sessions`, body);
      assert.is(answer.status, 400);
      assert.match(JSON.stringify(answer.body), new RegExp(`${field}|${camel(field)}`));
      assert.equal((await credentials.listSessions({ identityId: id })).sessions, []);
    });
  }

  test('a token that is missing or too long is refused by name', async () => {
    for (const sessionToken of ['', 'x'.repeat(1025)]) {
      await refused(
        credentials.introspectSession({ sessionToken }),
        status.INVALID_ARGUMENT,
        'session_token',
      );
      await refused(credentials.refreshSession({ sessionToken }), status.INVALID_ARGUMENT, 'session_token');
    }
  });

  test('what is not there is not found', async () => {
    const identityId = await identity();
    const authSessionId = uuidv7();
    for (const call of [
      () => credentials.getSession({ identityId, authSessionId }),
      () => credentials.revokeSession({ identityId, authSessionId: 'no uuid' }),
      () => credentials.revokeSessions({ identityId, exceptSessionId: authSessionId }),
    ])
      await refused(call(), status.NOT_FOUND, 'SESSION_NOT_FOUND');
    for (const call of [
      () => signIn(uuidv7()),
      () => credentials.listSessions({ identityId: 'no uuid' }),
      () => credentials.revokeSessions({ identityId: uuidv7() }),
    ])
      await refused(call(), status.NOT_FOUND, 'IDENTITY_NOT_FOUND');
  });

  test('deactivating through any contract ends the sessions, and opens none', async () => {
    const identityId = await identity();
    const { sessionToken } = await signIn(identityId);
    const off = await rest('PATCH', `/api/profiles/v1/profiles/${identityId}`, { enabled: false });
    assert.is(off.status, 200);
    assert.is((await credentials.introspectSession({ sessionToken })).active, false);
    await refused(signIn(identityId), status.FAILED_PRECONDITION, 'IDENTITY_INACTIVE');
    await rest('PATCH', `/api/profiles/v1/profiles/${identityId}`, { enabled: true });
    assert.is((await credentials.introspectSession({ sessionToken })).active, false);
  });

  test("another tenant's token is not active, like one that there never was", async () => {
    const { sessionToken } = await signIn(await identity());
    const foreign = restAs(context().app.rest, await context().app.key('foreign', 'core'));
    const unknown = `facet_session_${'A'.repeat(43)}`;
    for (const token of [sessionToken, unknown]) {
      const looked = await foreign('POST', '/v1/sessions:introspect', { sessionToken: token });
      assert.equal([looked.status, looked.body], [200, { active: false, session: null }]);
      assert.is((await foreign('POST', '/v1/sessions:refresh', { sessionToken: token })).status, 404);
    }
    assert.is((await credentials.introspectSession({ sessionToken })).active, true);
  });

  test('a session token opens nothing in the place of a key', async () => {
    const { sessionToken } = await signIn(await identity());
    assert.is((await restAs(context().app.rest, sessionToken)('GET', '/api/core/v1/identities')).status, 401);
  });

  test('opening needs the admin scope, ending and refreshing write, looking read', async () => {
    const id = await identity();
    const path = `/v1/identities/${id}/sessions`;
    const { session, sessionToken } = await signIn(id);
    const codes = async (scope: string) => {
      const as = scoped[scope]!;
      const answers = [
        await as('GET', path),
        await as('GET', `${path}/${session!.id}`),
        await as('POST', '/v1/sessions:introspect', { sessionToken }),
        await as('POST', '/v1/sessions:refresh', { sessionToken }),
        await as('DELETE', `${path}/${session!.id}`),
        await as('DELETE', path),
        await as('POST', path, { method: 'CREDENTIAL_TYPE_OIDC' }),
      ];
      return answers.map((answer) => answer.status);
    };
    assert.equal(await codes('read'), [200, 200, 200, 403, 403, 403, 403]);
    assert.equal(await codes('write'), [403, 403, 403, 200, 200, 200, 403]);
    assert.equal(await codes('admin'), [403, 403, 403, 403, 403, 403, 200]);
  });
});

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
