import * as ory from '@ory/client';
import * as kratos from '@ory/kratos-client';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { restAs } from '../support/rest.js';
import { mustBeDocumented } from '../support/validated-rest.js';

type Api = ory.IdentityApi;

/** The official clients, each with its own way to send a key. */
const CLIENTS: readonly (readonly [string, (basePath: string, key: string) => Api])[] = [
  [
    '@ory/client',
    (basePath, key) =>
      new ory.IdentityApi(new ory.Configuration({ basePath, accessToken: key, baseOptions: quiet })),
  ],
  [
    '@ory/kratos-client',
    (basePath, key) =>
      new kratos.IdentityApi(
        new kratos.Configuration({ basePath, apiKey: `Bearer ${key}`, baseOptions: quiet }),
      ) as unknown as Api,
  ],
];
/** Errors are answers, too. */
const quiet = { validateStatus: () => true };

for (const [client, apiOf] of CLIENTS) {
  forEachApp(`through ${client}`, {}, (test, context) => {
    let api: Api;
    let key: string;
    test.before(async () => {
      const { app } = context();
      key = await app.key('sdk', 'admin');
      api = apiOf(app.rest, key);
    });

    /** What a call answers; it must be as the contract's document says. */
    const done = async <T>(
      call: Promise<{ status: number; data: T; headers: object; config: { url?: string; method?: string } }>,
    ) => {
      const { status, data, headers, config } = await call;
      const { pathname } = new URL(config.url!);
      const body = (data as unknown) === '' ? undefined : data;
      const seen = { status, headers: new Headers(headers as Record<string, string>), body };
      mustBeDocumented(key, config.method!.toUpperCase(), pathname, seen);
      // biome-ignore lint/suspicious/noExplicitAny: errors come in the place of what the client promises
      return { status, data: data as T & { error?: any }, headers: headers as Record<string, string> };
    };
    const create = async (createIdentityBody: Partial<ory.CreateIdentityBody>) =>
      done(
        api.createIdentity({
          createIdentityBody: { schema_id: 'default', traits: {}, ...createIdentityBody },
        }),
      );

    test('create, get, by external id, update, delete', async () => {
      const made = await create({
        traits: { email: 'Ada@Example.com', name: { first: 'Ada', last: 'Byron' } },
        external_id: 'crm-1',
        metadata_public: { plan: 'pro' },
        metadata_admin: [1, null, 'x'],
        organization_id: '0e0b3b4e-52a0-4f0c-9d5c-5f8b7c6a1d2e',
      });
      assert.is(made.status, 201, JSON.stringify(made.data));
      const { id } = made.data;
      assert.is(made.headers.location, `/admin/identities/${id}`);
      assert.equal(made.data.traits, { email: 'Ada@Example.com', name: { first: 'Ada', last: 'Byron' } });
      assert.equal([made.data.schema_id, made.data.schema_url], ['default', '/schemas/default']);
      assert.equal(made.data.metadata_admin, [1, null, 'x']);
      assert.equal(
        made.data.verifiable_addresses?.map(({ value, verified, status, via }) => [
          value,
          verified,
          status,
          via,
        ]),
        [['ada@example.com', false, 'pending', 'email']],
      );
      assert.is(made.data.recovery_addresses?.length, 1);
      assert.equal((await done(api.getIdentity({ id }))).data, made.data);
      const found = await done(api.getIdentityByExternalID({ externalID: 'crm-1' }));
      assert.equal(found.data, made.data);

      const updateIdentityBody = {
        schema_id: 'default',
        state: 'inactive' as const,
        traits: { email: 'b@example.com' },
      };
      const updated = await done(api.updateIdentity({ id, updateIdentityBody }));
      assert.is(updated.status, 200, JSON.stringify(updated.data));
      assert.equal(updated.data.traits, { email: 'b@example.com' });
      assert.equal([updated.data.metadata_public, updated.data.external_id], [null, undefined]);
      assert.is(updated.data.organization_id, made.data.organization_id);
      assert.ok(updated.data.state_changed_at! > made.data.state_changed_at!);

      assert.is((await done(api.deleteIdentity({ id }))).status, 204);
      const gone = await done(api.getIdentity({ id }));
      assert.equal([gone.status, gone.data.error.code, gone.data.error.status], [404, 404, 'Not Found']);
      assert.is((await done(api.deleteIdentity({ id }))).status, 404);
    });

    test('JSON Patch with all six operations', async () => {
      const { id } = (await create({ traits: { email: 'patch@example.com' } })).data;
      const patch = (...jsonPatch: ory.JsonPatch[]) => done(api.patchIdentity({ id, jsonPatch }));
      const patched = await patch(
        { op: 'test', path: '/traits/email', value: 'patch@example.com' },
        { op: 'add', path: '/traits/name', value: { first: 'Ada' } },
        { op: 'copy', from: '/traits/name/first', path: '/traits/name/last' },
        { op: 'replace', path: '/traits/name/last', value: 'Byron' },
        { op: 'add', path: '/metadata_public/a/b', value: 1 },
        { op: 'move', from: '/metadata_public/a', path: '/metadata_admin' },
        { op: 'remove', path: '/metadata_public' },
        { op: 'replace', path: '/state', value: 'inactive' },
      );
      assert.is(patched.status, 200, JSON.stringify(patched.data));
      assert.equal(patched.data.traits.name, { first: 'Ada', last: 'Byron' });
      assert.equal([patched.data.metadata_public, patched.data.metadata_admin], [null, { b: 1 }]);
      assert.is(patched.data.state, 'inactive');
      const failed = await patch(
        { op: 'replace', path: '/traits/email', value: 'other@example.com' },
        { op: 'test', path: '/state', value: 'active' },
      );
      assert.is(failed.status, 400);
      assert.equal((await done(api.getIdentity({ id }))).data, (await patch()).data);
      assert.equal((await patch()).data.traits, patched.data.traits);
    });

    test('credentials are imported, shown without secrets, and deleted', async () => {
      const made = await create({
        traits: { email: 'import@example.com' },
        credentials: {
          password: { config: { password: 'correct horse battery' } },
          oidc: { config: { providers: [{ provider: 'github', subject: '42' }] } },
        },
      });
      assert.is(made.status, 201, JSON.stringify(made.data));
      const { id } = made.data;
      const { password, oidc } = made.data.credentials!;
      assert.equal([password!.identifiers, oidc!.identifiers], [['import@example.com'], ['github:42']]);
      assert.is('config' in password!, false);
      const shown = await done(api.getIdentity({ id, includeCredential: ['password', 'oidc'] }));
      assert.equal(shown.data.credentials!.password!.config, {});
      assert.not.match(JSON.stringify(shown.data), /argon2|correct horse/);

      const remove = (type: ory.DeleteIdentityCredentialsTypeEnum, identifier?: string) =>
        done(api.deleteIdentityCredentials({ id, type, ...(identifier && { identifier }) }));
      assert.is((await remove('oidc')).status, 400);
      assert.is((await remove('totp')).status, 404);
      assert.is((await remove('passkey')).status, 400);
      assert.is((await remove('oidc', 'github:42')).status, 204);
      const last = await remove('password');
      assert.is(last.status, 400);
      assert.match(last.data.error.reason, /last first factor/i);
    });

    test('sessions are listed and deleted', async () => {
      const { app } = context();
      const { id } = (
        await create({
          traits: { email: 'session@example.com' },
          credentials: { password: { config: { password: 'correct horse battery' } } },
        })
      ).data;
      const core = restAs(app.rest, await app.key('sdk', 'core'));
      const login = { identifier: 'session@example.com', password: 'correct horse battery' };
      for (let n = 0; n < 3; n++)
        assert.is((await core('POST', '/v1/sessions:authenticate', login)).status, 200);
      const first = await done(api.listIdentitySessions({ id, pageSize: 2 }));
      assert.equal([first.status, first.data.length], [200, 2]);
      const [session] = first.data;
      assert.equal([session!.active, session!.authenticator_assurance_level], [true, 'aal1']);
      assert.is(session!.identity!.id, id);
      const pageToken = new URL(
        /<([^>]*)>; rel="next"/.exec(first.headers.link!)![1]!,
        app.rest,
      ).searchParams.get('page_token')!;
      const second = await done(api.listIdentitySessions({ id, pageSize: 2, pageToken }));
      assert.equal([second.data.length, /rel="next"/.test(second.headers.link!)], [1, false]);
      assert.is((await done(api.deleteIdentitySessions({ id }))).status, 204);
      assert.equal((await done(api.listIdentitySessions({ id, active: true }))).data, []);
      assert.is((await done(api.listIdentitySessions({ id, active: false }))).data.length, 3);
      assert.is((await done(api.deleteIdentitySessions({ id }))).status, 204);
    });

    test('lists with every filter, and their pages', async () => {
      const { app } = context();
      const list = apiOf(app.rest, await app.key('sdk-list', 'admin'));
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        const traits = { email: `l${n}@example.com` };
        const organization_id = n % 2 ? null : '0e0b3b4e-52a0-4f0c-9d5c-5f8b7c6a1d2e';
        const body = { schema_id: 'default', traits, organization_id };
        ids.push((await done(list.createIdentity({ createIdentityBody: body }))).data.id);
      }
      const idsOf = async (parameters: Parameters<Api['listIdentities']>[0]) => {
        const { status, data } = await done(list.listIdentities(parameters));
        assert.is(status, 200, JSON.stringify(data));
        return data.map(({ id }) => id);
      };
      assert.equal(await idsOf({}), ids);
      assert.equal(await idsOf({ credentialsIdentifier: ' L3@example.com' }), [ids[3]]);
      assert.equal(await idsOf({ organizationId: '0E0B3B4E-52a0-4f0c-9d5c-5f8b7c6a1d2e' }), [
        ids[0],
        ids[2],
        ids[4],
      ]);
      assert.equal(await idsOf({ ids: [ids[4]!, ids[1]!] }), [ids[1], ids[4]]);
      assert.equal(
        await idsOf({ ids: [ids[1]!], organizationId: '0e0b3b4e-52a0-4f0c-9d5c-5f8b7c6a1d2e' }),
        [],
      );
      assert.equal(await idsOf({ consistency: 'strong', includeCredential: ['oidc'] }), ids);

      const walked: string[] = [];
      let pageToken: string | undefined;
      do {
        const { data, headers } = await done(
          list.listIdentities({ pageSize: 2, ...(pageToken && { pageToken }) }),
        );
        walked.push(...data.map(({ id }) => id));
        const next = /<([^>]*)>; rel="next"/.exec(headers.link!)?.[1];
        pageToken = next && new URL(next, app.rest).searchParams.get('page_token')!;
      } while (pageToken);
      assert.equal(walked, ids);
    });

    test('the schema that schema_url names is served, to whom has the key', async () => {
      // The clients take schemas for public and send no key of their own.
      assert.is((await api.getIdentitySchema({ id: 'default' })).status, 401);
      const withKey = { headers: { authorization: `Bearer ${key}` } };
      const schema = await done(api.getIdentitySchema({ id: 'default' }, withKey));
      assert.is(schema.status, 200);
      assert.ok((schema.data as { properties: object }).properties);
      assert.is((await done(api.getIdentitySchema({ id: 'none' }, withKey))).status, 404);
    });
  });
}
