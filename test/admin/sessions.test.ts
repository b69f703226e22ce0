import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, restAs } from '../support/rest.js';
import { type AdminRest, adminRest, linked } from './rest.js';

const PASSWORD = 'correct horse battery staple';

forEachApp('admin sessions', {}, (test, context) => {
  let admin: AdminRest;
  let core: Rest;
  let number = 0;
  test.before(async () => {
    const { app } = context();
    admin = await adminRest(app, 'sessions');
    core = restAs(app.rest, await app.key('sessions', 'core'));
  });
  /** An identity with so many sessions: its path, and their ids, newest first. */
  const withSessions = async (count: number) => {
    const email = `s${number++}@example.com`;
    const credentials = { password: { config: { password: PASSWORD } } };
    const { id } = await admin.create({ email }, { credentials });
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const opened = await core('POST', `/v1/identities/${id}/sessions`, {
        method: 'CREDENTIAL_TYPE_PASSWORD',
        device: { ipAddress: '192.0.2.7', userAgent: 'Browser' },
      });
      assert.is(opened.status, 200, JSON.stringify(opened.body));
      ids.unshift(opened.body.session.id);
    }
    return { id, path: `/admin/identities/${id}`, ids };
  };
  const idsOf = (body: { id: string }[]) => body.map(({ id }) => id);

  test('a session is shown as the clients know it', async () => {
    const { id, path, ids } = await withSessions(1);
    const { body } = await admin.rest('GET', `${path}/sessions`);
    const { identity, devices, authentication_methods: methods, ...session } = body[0];
    assert.equal([session.id, session.active, session.authenticator_assurance_level], [ids[0], true, 'aal1']);
    for (const time of ['expires_at', 'authenticated_at', 'issued_at'])
      assert.match(session[time], /^\d{4}-.*Z$/);
    assert.equal([methods[0].method, methods[0].aal], ['password', 'aal1']);
    assert.equal([devices[0].ip_address, devices[0].user_agent], ['192.0.2.7', 'Browser']);
    const { credentials, ...whole } = (await admin.rest('GET', path)).body;
    assert.ok(credentials.password);
    assert.equal(identity, whole);
    assert.is(identity.id, id);
    assert.not.match(JSON.stringify(body), /facet_session_|token/);
  });

  test('every session is on one page, newest first, and links stay in the path family', async () => {
    const { id, ids } = await withSessions(5);
    for (const family of ['/v1', '/admin', '/api/admin/v1']) {
      const seen: string[] = [];
      for (
        let next: string | undefined = `${family}/identities/${id}/sessions?page_size=2&active=true`;
        next;
      ) {
        const page = await admin.rest('GET', next);
        assert.is(page.status, 200);
        assert.ok(page.body.length <= 2);
        seen.push(...idsOf(page.body));
        next = linked(page, 'next');
        if (next)
          assert.ok(next.startsWith(`${family}/identities/${id}/sessions?page_size=2&active=true&`), next);
      }
      assert.equal(seen, ids);
    }
  });

  test('a page token is good for its identity and its filter only', async () => {
    const one = await withSessions(3);
    const other = await withSessions(3);
    const page = await admin.rest('GET', `${one.path}/sessions?page_size=2`);
    const token = new URL(linked(page, 'next')!, 'http://x').searchParams.get('page_token')!;
    for (const path of [
      `${other.path}/sessions?page_token=${token}`,
      `${one.path}/sessions?active=true&page_token=${token}`,
      `${one.path}/sessions?page_token=garbage`,
      `${one.path}/sessions?page_size=-1`,
      `${one.path}/sessions?active=maybe`,
    ]) {
      const answer = await admin.rest('GET', path);
      assert.is(answer.status, 400, path);
    }
    const rest = await admin.rest('GET', `${one.path}/sessions?page_token=${token}&page_size=501`);
    assert.equal(idsOf(rest.body), [one.ids[2]]);
  });

  test('deleted sessions have ended, for active=false to show; where there are none it is 204, too', async () => {
    const { path, ids } = await withSessions(2);
    assert.is((await admin.rest('DELETE', `${path}/sessions`)).status, 204);
    assert.equal((await admin.rest('GET', `${path}/sessions?active=true`)).body, []);
    assert.equal(idsOf((await admin.rest('GET', `${path}/sessions?active=false`)).body), ids);
    assert.equal(idsOf((await admin.rest('GET', `${path}/sessions`)).body), ids);
    assert.is((await admin.rest('DELETE', `${path}/sessions`)).status, 204);
  });

  test('an identity that is put out of use, by PUT or by PATCH, has no session that holds', async () => {
    for (const deactivate of [
      (path: string) => admin.rest('PUT', path, { traits: {}, state: 'inactive' }),
      (path: string) => admin.rest('PATCH', path, [{ op: 'replace', path: '/state', value: 'inactive' }]),
    ]) {
      const { path } = await withSessions(2);
      assert.is((await deactivate(path)).status, 200);
      assert.equal((await admin.rest('GET', `${path}/sessions?active=true`)).body, []);
    }
  });

  test('a login by an imported bcrypt hash works, and by the identifier whatever its case', async () => {
    const hashed = '$2b$05$.b/x1jQ4rI.C9iqpM3rBd.Z3G2ZJdU5W6EaSupM9LNafynS.2Vyvm';
    const credentials = { password: { config: { hashed_password: hashed } } };
    await admin.create({ email: 'imported@example.com' }, { credentials });
    const login = (password: string) =>
      core('POST', '/v1/sessions:authenticate', { identifier: ' Imported@Example.com', password });
    assert.is((await login('secret')).status, 200);
    assert.is((await login('wrong')).status, 400);
  });

  test('another tenant sees none of them', async () => {
    const { path } = await withSessions(1);
    const other = await adminRest(context().app, 'sessions-other');
    assert.is((await other.rest('GET', `${path}/sessions`)).status, 404);
    assert.is((await other.rest('DELETE', `${path}/sessions`)).status, 404);
    assert.is((await admin.rest('GET', `${path}/sessions?active=true`)).body.length, 1);
  });
});
