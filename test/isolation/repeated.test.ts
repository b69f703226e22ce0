import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { isFinal } from '../../src/domain/linkedin/session.js';
import { identities } from '../../src/services/identity/collection.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import { forEachApp } from '../support/for-each-app.js';
import { restAs } from '../support/rest.js';
import { type Caller, createCaller, type Json } from './callers.js';
import { fillRequest, type Texts } from './fill.js';
import { operations } from './operations.js';
import { type Seeded, seed } from './seed.js';

const repeatable = operations().filter(({ repeatable, http }) => repeatable && http !== undefined);
const AT_ONCE = 10;
const TENANT = 'owner';

/** A member of the body with another value than the request before had, by the name of the method. */
const OTHER: Readonly<Record<string, Json>> = {
  'facet.v1.IdentityService/CreateIdentity': { givenName: 'Other' },
  'facet.v1.ContactService/CreateContact': { value: 'other@example.com' },
  'facet.v1.LinkedInSessionService/StartLogin': { username: 'other@example.com' },
  'facet.outreach.v1.IdentitiesService/CreateIdentity': { lastName: 'Other' },
  'facet.outreach.v1.IdentitiesService/LoginLinkedIn': { username: 'other@example.com' },
  'facet.profiles.v1.ProfilesService/CreateProfile': { lastName: 'Other' },
  'facet.profiles.v1.ProfilesService/CreateContact': { value: 'other@example.com' },
  'facet.mailbox.v1.IdentitiesService/CreateIdentity': { display_name: 'Other' },
  'facet.agents.v1.IdentitiesService/CreateIdentity': { name: 'Other' },
  'facet.admin.v1.IdentitiesService/CreateIdentity': { metadata_admin: { other: true } },
};

/** What no rule of the proto asks for, and the service does. */
const CREDENTIALS: Json = { username: 'captcha@example.com', password: 'secret' };

forEachApp('repeated requests', {}, (test, context) => {
  let caller: Caller;
  let seeded: Seeded;
  let key: string;
  test.before(async () => {
    const { app } = context();
    caller = createCaller(app);
    key = await app.key(TENANT);
    seeded = await seed(app.grpc, key);
  });
  test.after(() => caller?.close());

  /** How many identities, contacts and logins there are: all that such a request can make. */
  async function made(): Promise<number[]> {
    const { store } = context().app;
    const records = await store.find(identities, { tenant: TENANT, limit: 500 });
    const contacts = records.flatMap(({ body }) => (body.kind === 'identity' ? body.contacts : []));
    return [records.length, contacts.length, await store.count(linkedinSessions, { tenant: TENANT })];
  }

  /** Of an identity only one login is open, and answers whoever asks for the same. */
  async function endLogins(identityId: string): Promise<void> {
    const { app } = context();
    const where = [{ field: 'identityId', equals: identityId }];
    for (const { id, body } of await app.store.find(linkedinSessions, { tenant: TENANT, where, limit: 500 }))
      if (!isFinal(body))
        await restAs(app.rest, key)(
          'POST',
          `/api/core/v1/identities/${identityId}/linkedinSessions/${id}:cancel`,
        );
  }

  for (const [number, operation] of repeatable.entries()) {
    test(`${operation.name} under one Idempotency-Key is done once`, async () => {
      const other = OTHER[operation.path.slice(1)];
      assert.ok(other, `say what makes another request of ${operation.path}`);
      const own: Texts = {
        ...seeded.owned,
        external_id: `made-${number}`,
        identifier_key: `made-${number}`,
        local_part: `made-${number}`,
        value: `made-${number}@example.com`,
      };
      const request = fillRequest(operation, own);
      const headers = { 'idempotency-key': randomUUID() };
      const words = operation.method.name.includes('Login') ? CREDENTIALS : {};
      const ask = (more: Json) => caller.call(operation, request, key, { ...words, ...more }, headers);
      const identity = own.identity_id!;
      await endLogins(identity);
      const before = await made();
      const atOnce = Array.from({ length: AT_ONCE }, () => ask({}));
      for (const { code, seen } of await Promise.all(atOnce)) assert.is(code, 'OK', seen);
      const after = await made();
      const more = after.map((count, kind) => count - before[kind]!);
      assert.ok(more.includes(1) && more.every((count) => count <= 1), `made ${more}`);

      await endLogins(identity);
      const again = await ask({});
      assert.is(again.code, 'OK', again.seen);
      assert.equal(await made(), after);

      const changed = await ask(other);
      assert.is(changed.code, 'HTTP 422', changed.seen);
      assert.equal(await made(), after);
    });
  }
});
