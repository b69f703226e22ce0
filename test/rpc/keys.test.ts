import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { type AuthenticatorOptions, createAuthenticator } from '../../src/services/keys/authenticate.js';
import { createTokenCheck } from '../../src/services/keys/json-web-token.js';
import { keys } from '../../src/services/keys/key-record.js';
import { createKey, listKeys, type NewKey, revokeKey } from '../../src/services/keys/operations.js';
import { createRecent } from '../../src/services/keys/recent.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { StoreUnavailableError } from '../../src/storage/errors.js';
import type { Store } from '../../src/storage/store.js';

const suiteOfKeys = suite<{ folder: string; store: Store }>('keys');

suiteOfKeys.before.each(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'facet-keys-'));
  context.store = createEmbeddedStore({ path: join(context.folder, 'facet.db') });
  await context.store.open([keys]);
});
suiteOfKeys.after.each(async ({ store, folder }) => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const acme: NewKey = { tenant: 'acme', contract: 'outreach' };
const all = async <T>(items: AsyncIterable<T>) => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

suiteOfKeys('a new key opens its tenant with all scopes, or those asked for', async ({ store }) => {
  const authenticate = createAuthenticator({ store });
  const { key, view } = await createKey(store, acme);
  assert.match(key, /^facet_outreach_[A-Za-z0-9_-]{43}$/);
  const holder = await authenticate(key);
  assert.is(holder?.tenant, 'acme');
  assert.is(holder?.subject, view.id);
  assert.equal(holder?.scopes, ['read', 'write', 'admin']);
  const reader = await createKey(store, { ...acme, scopes: ['read'] });
  assert.equal((await authenticate(reader.key))?.scopes, ['read']);
});

suiteOfKeys('only the hash of a key is stored or shown', async ({ store, folder }) => {
  const { key, view } = await createKey(store, acme);
  const secret = key.split('_').slice(2).join('_');
  assert.not.match(JSON.stringify([view, await all(listKeys(store))]), secret);
  assert.not.ok('hash' in view);
  await store.ping();
  for (const name of readdirSync(folder))
    assert.not.ok(readFileSync(join(folder, name)).includes(secret), name);
});

suiteOfKeys('what is no key of ours is nobody', async ({ store }) => {
  const authenticate = createAuthenticator({ store });
  const { key } = await createKey(store, acme);
  const random = `facet_outreach_${randomBytes(32).toString('base64url')}`;
  const wrong = [
    '',
    'x',
    random,
    key.slice(0, -1),
    `${key}A`,
    key.replace('outreach', 'agents'),
    key.toUpperCase(),
  ];
  for (const token of [...wrong, 'facet_outreach_dev', '__proto__', 'a'.repeat(65_536)]) {
    assert.is(await authenticate(token), undefined, token.slice(0, 60));
  }
});

suiteOfKeys('development keys work only where they are wanted', async ({ store }) => {
  const authenticate = createAuthenticator({ store, developmentKeys: true });
  assert.is((await authenticate('facet_agents_dev'))?.tenant, 'dev');
  assert.equal((await authenticate('facet_core_dev'))?.scopes, ['read', 'write', 'admin']);
  for (const none of ['facet__dev', 'facet_nope_dev', 'facet_constructor_dev']) {
    assert.is(await authenticate(none), undefined, none);
  }
  assert.is(await createAuthenticator({ store })('facet_agents_dev'), undefined);
});

suiteOfKeys('a development key that was forwarded from another machine is nobody', async ({ store }) => {
  const authenticate = createAuthenticator({ store, developmentKeys: true });
  for (const hops of [[], ['127.0.0.1'], ['::1', '127.8.0.1'], ['::ffff:127.0.0.1']]) {
    assert.ok(await authenticate('facet_agents_dev', hops), hops.join());
  }
  const away = [
    ['203.0.113.7'],
    ['127.0.0.1', '10.0.0.1'],
    ['10.0.0.1', '127.0.0.1'],
    [''],
    ['127.0.0.1.example'],
  ];
  for (const hops of [...away, ['unknown'], ['::2']]) {
    assert.is(await authenticate('facet_agents_dev', hops), undefined, hops.join());
  }
  const { key } = await createKey(store, acme);
  assert.ok(await authenticate(key, ['203.0.113.7']));
});

suiteOfKeys('a revoked key is nobody within a second, in every process', async ({ store, folder }) => {
  const elsewhere = createEmbeddedStore({ path: join(folder, 'facet.db') });
  await elsewhere.open([keys]);
  let elapsed = 0;
  const authenticators = [store, elsewhere].map((each) =>
    createAuthenticator({ store: each, elapsed: () => elapsed }),
  );
  const { key, view } = await createKey(store, acme);
  for (const authenticate of authenticators) assert.ok(await authenticate(key));
  const revoked = await revokeKey(store, view.id);
  assert.ok(revoked?.revokeTime);
  elapsed = 999;
  for (const authenticate of authenticators) await authenticate(key);
  elapsed = 1000;
  for (const authenticate of authenticators) assert.is(await authenticate(key), undefined);
  assert.equal(await revokeKey(store, view.id), revoked);
  await elsewhere.close();
});

suiteOfKeys('revoking what does not exist says so', async ({ store }) => {
  assert.is(await revokeKey(store, 'nope'), undefined);
});

suiteOfKeys('an expired key is nobody, to the millisecond', async ({ store }) => {
  const created = new Date('2026-01-01T00:00:00Z');
  let now = created.getTime();
  const authenticate = createAuthenticator({ store, now: () => now });
  const { key } = await createKey(store, { ...acme, expireTime: new Date(now + 5000) }, created);
  now += 4999;
  assert.ok(await authenticate(key));
  now += 1;
  assert.is(await authenticate(key), undefined);
});

suiteOfKeys('a key that could never be used is refused', async ({ store }) => {
  const wrong: NewKey[] = [
    ...['', '_facet', 'a/b', 'a\u0000', 'x'.repeat(65), 'é'].map((tenant) => ({ ...acme, tenant })),
    { ...acme, expireTime: new Date(0) },
    { ...acme, expireTime: new Date(Number.NaN) },
  ];
  for (const each of wrong) {
    await createKey(store, each).then(
      () => assert.unreachable(JSON.stringify(each)),
      (error) => assert.is((error as FacetError).reason, 'INVALID_INPUT'),
    );
  }
});

suiteOfKeys('keys are listed by tenant, or all of them', async ({ store }) => {
  for (const tenant of ['a', 'b', 'a']) await createKey(store, { ...acme, tenant });
  assert.is((await all(listKeys(store))).length, 3);
  const ofA = await all(listKeys(store, 'a'));
  assert.equal(
    ofA.map(({ tenant }) => tenant),
    ['a', 'a'],
  );
});

suiteOfKeys(
  'while a key is fresh the store is not asked again, and never twice at once',
  async ({ store }) => {
    let reads = 0;
    const counting: Store = {
      ...store,
      getByClaim: (...args) => {
        reads++;
        return store.getByClaim(...args);
      },
    };
    let elapsed = 0;
    const authenticate = createAuthenticator({ store: counting, elapsed: () => elapsed });
    const { key } = await createKey(store, acme);
    await Promise.all(Array.from({ length: 20 }, () => authenticate(key)));
    await authenticate(key);
    assert.is(reads, 1);
    const unknown = `facet_outreach_${'A'.repeat(43)}`;
    await authenticate(unknown);
    await authenticate(unknown);
    assert.is(reads, 2);
    elapsed = 1000;
    await authenticate(key);
    assert.is(reads, 3);
  },
);

suiteOfKeys(
  'a store that cannot be reached is not taken for a bad key, nor remembered',
  async ({ store }) => {
    let down = true;
    const shaky: Store = {
      ...store,
      getByClaim: (...args) =>
        down ? Promise.reject(new StoreUnavailableError('gone')) : store.getByClaim(...args),
    };
    const { key } = await createKey(store, acme);
    const authenticate = createAuthenticator({ store: shaky });
    await authenticate(key).then(
      () => assert.unreachable(),
      (error) => assert.instance(error, StoreUnavailableError),
    );
    down = false;
    assert.ok(await authenticate(key));
  },
);

suiteOfKeys('what is remembered is bounded, and unknown keys push out no known one', async () => {
  let lookUps = 0;
  const recent = createRecent<string>({ maxAgeMs: 1000, maxEntries: 3, elapsed: () => 0 });
  const ask = (key: string, answer?: string) =>
    recent(key, async () => {
      lookUps++;
      return answer;
    });
  await ask('good', 'yes');
  for (let at = 0; at < 100; at++) await ask(`unknown ${at}`);
  lookUps = 0;
  assert.is(await ask('good', 'yes'), 'yes');
  assert.is(lookUps, 0);
  for (const at of [99, 98, 97]) await ask(`unknown ${at}`);
  assert.is(lookUps, 0);
  await ask('unknown 96');
  assert.is(lookUps, 1);
});

const issuer = 'https://issuer.test';
const audience = 'facet';

async function signer(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg };
  const sign = (claims: Record<string, unknown>, expires: string | number = '1h') =>
    new SignJWT({ tenant: 'acme', scope: 'openid read write', ...claims })
      .setProtectedHeader({ alg, kid: 'one' })
      .setSubject('user-1')
      .setIssuer(String(claims.iss ?? issuer))
      .setAudience(String(claims.aud ?? audience))
      .setExpirationTime(expires)
      .sign(privateKey);
  return { jwks: { keys: [jwk] }, sign };
}

suiteOfKeys('a token of the issuer opens the tenant that it names', async ({ store }) => {
  const { jwks, sign } = await signer();
  const authenticate = createAuthenticator({
    store,
    checkToken: createTokenCheck({ jwks, issuer, audience }),
  });
  const holder = await authenticate(await sign({}));
  assert.is(holder?.tenant, 'acme');
  assert.is(holder?.subject, 'user-1');
  assert.equal(holder?.scopes, ['read', 'write']);
  assert.equal((await authenticate(await sign({ scope: undefined })))?.scopes, []);
  const { key } = await createKey(store, acme);
  assert.ok(await authenticate(key));
});

suiteOfKeys('a token that is not wholly good is nobody', async ({ store }) => {
  const { jwks, sign } = await signer();
  const other = await signer();
  const authenticate = createAuthenticator({
    store,
    checkToken: createTokenCheck({ jwks, issuer, audience }),
  });
  const good = await sign({});
  const [header, , signature] = good.split('.');
  const forged = Buffer.from(JSON.stringify({ tenant: 'b', iss: issuer, aud: audience, exp: 4e9 })).toString(
    'base64url',
  );
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged}.`;
  const bad = [
    await sign({}, Math.floor(Date.now() / 1000) - 1),
    await sign({ iss: 'https://else.test' }),
    await sign({ aud: 'else' }),
    await sign({ tenant: undefined }),
    await sign({ tenant: '_facet' }),
    await sign({ tenant: ['acme'] }),
    await other.sign({}),
    `${header}.${forged}.${signature}`,
    unsigned,
    'a.b.c',
  ];
  for (const token of bad) assert.is(await authenticate(token), undefined, token);
  assert.is(await createAuthenticator({ store })(good), undefined);
});

suiteOfKeys(
  'keys for tokens are fetched; while they cannot be, nobody is told that a token is bad',
  async ({ store }) => {
    const { jwks, sign } = await signer();
    let status = 500;
    const server = createServer((_request, response) => response.writeHead(status).end(JSON.stringify(jwks)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
    const options: AuthenticatorOptions = {
      store,
      checkToken: createTokenCheck({ jwks: url, issuer, audience }),
    };
    const authenticate = createAuthenticator(options);
    await authenticate(await sign({})).then(
      () => assert.unreachable(),
      (error) => {
        assert.instance(error, FacetError);
        assert.is(error.code, 'UNAVAILABLE');
      },
    );
    status = 200;
    assert.is((await authenticate(await sign({})))?.tenant, 'acme');
    server.close();
  },
);

suiteOfKeys.run();
