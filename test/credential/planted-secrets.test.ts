import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { MongoClient } from 'mongodb';
import { type TOTP, URI } from 'otpauth';
import { pino } from 'pino';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/config.js';
import { CredentialServiceDefinition } from '../../src/gen/facet/v1/credential_service.js';
import { storeOf } from '../../src/stores.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { failureText, type GrpcClient, grpcClient } from '../support/grpc.js';
import { availableStores } from '../support/stores.js';
import { withIdentifier } from './with-identifier.js';

const PASSWORDS = ['planted-password-set', 'planted-password-imported', 'planted-password-wrong'];
const HASH_PASSWORD = 'U*U';
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const SEED = 'PLANTEDSEEDAAAABBBBCCCCDDDDEEEEFF'.slice(0, 32);
const TOTP_URL = `otpauth://totp/Acme:planted?secret=${SEED}&issuer=Acme`;
const CODES = ['planted-lookup-one', 'planted-lookup-two'];
const IDENTIFIER = 'planted@example.com';

for (const { name } of availableStores()) {
  const folder = mkdtempSync(join(tmpdir(), 'facet-planted-'));
  const database = `facet_test_${randomBytes(6).toString('hex')}`;
  const logged: string[] = [];
  const answers: string[] = [];
  const tokens: string[] = [];
  let app: TestApp;
  let key: string;
  let grpc: GrpcClient<typeof CredentialServiceDefinition>;
  const planted = suite(`planted credentials [${name}]`);

  planted.before(async () => {
    const mongo =
      name === 'mongo' ? { MONGODB_URI: process.env.MONGODB_URI, FACET_MONGODB_DATABASE: database } : {};
    const sink = new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk));
        done();
      },
    });
    const log = pino({ level: 'trace' }, sink);
    app = await startTestApp(await storeOf(loadConfig('all', { FACET_DATA_DIR: folder, ...mongo })), { log });
    key = await app.key('acme', 'core');
    grpc = grpcClient(CredentialServiceDefinition, app.grpc, key);
  });
  planted.after(async () => {
    grpc.close();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
    if (name !== 'mongo') return;
    const client = new MongoClient(process.env.MONGODB_URI!);
    await client.db(database).dropDatabase();
    await client.close();
  });

  async function send(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${app.rest}/api/core${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    answers.push(JSON.stringify([...answer.headers]));
    const parsed = JSON.parse(text);
    // The one answer that is to hold a token is the one that makes it.
    if (parsed.sessionToken) tokens.push(parsed.sessionToken);
    answers.push(JSON.stringify({ ...parsed, sessionToken: undefined }));
    return parsed;
  }

  /** Every byte that is stored, as text. */
  async function stored(): Promise<string> {
    if (name === 'embedded') {
      return readdirSync(folder)
        .map((file) => readFileSync(join(folder, file)).toString('latin1'))
        .join('\n');
    }
    const client = new MongoClient(process.env.MONGODB_URI!);
    const collections = await client.db(database).collections();
    const documents = await Promise.all(collections.map((collection) => collection.find().toArray()));
    await client.close();
    return JSON.stringify(documents);
  }

  const secrets = () => [...PASSWORDS, SEED, ...CODES, ...tokens, key];
  const found = (text: string) => secrets().filter((secret) => text.includes(secret));

  planted('they are in no store while they are in use', async () => {
    const { id } = await send('POST', '/v1/identities', { givenName: 'planted-name' });
    await withIdentifier(app.store, 'acme', id, IDENTIFIER);
    const at = `/v1/identities/${id}/credentials`;
    const signIn = (password: string) =>
      send('POST', '/v1/sessions:authenticate', { identifier: IDENTIFIER, password });
    await send('POST', `${at}:setPassword`, { password: PASSWORDS[0] });
    await signIn(PASSWORDS[0]!);
    await send('POST', at, { password: { password: PASSWORDS[1] } });
    await send('POST', at, { totp: { totpUrl: TOTP_URL } });
    await send('POST', at, { lookupSecret: { codes: CODES.map((code) => ({ code })) } });
    const { sessionToken } = await signIn(PASSWORDS[1]!);
    await signIn(PASSWORDS[2]!);
    const second = (factor: object) =>
      send('POST', '/v1/sessions:verifySecondFactor', { sessionToken, ...factor });
    assert.ok((await second({ totpCode: (URI.parse(TOTP_URL) as TOTP).generate() })).id);
    assert.ok((await second({ lookupSecret: CODES[0] })).id);
    await second({ lookupSecret: CODES[0] });
    assert.is((await send('POST', '/v1/sessions:introspect', { sessionToken })).active, true);
    await send('POST', '/v1/sessions:refresh', { sessionToken });
    assert.is(tokens.length, 2);
    assert.equal(found(await stored()), []);
    for (const path of [at, `/v1/identities/${id}`, `/v1/identities/${id}/sessions`, '/v1/identities'])
      await send('GET', path);
    await send('POST', at, { password: { hashedPassword: BCRYPT } });
    assert.ok((await stored()).includes(BCRYPT.slice(-20)));
    await signIn(HASH_PASSWORD);
    await send('DELETE', `${at}/CREDENTIAL_TYPE_TOTP`);
    await send('POST', `/v1/identities/${id}:absent`, { password: PASSWORDS[0] });
    await send('DELETE', `/v1/identities/${id}`);
  });

  planted('requests that are refused do not hand them back', async () => {
    const at = '/v1/identities/nobody/credentials';
    const [password, wrong] = PASSWORDS as [string, string];
    await send('POST', `${at}:setPassword`, { password });
    await send('POST', `${at}:setPassword`, { password: [password] });
    await send('POST', `${at}:setPassword`, { password: password.repeat(200) });
    await send('POST', `${at}:setPassword`, `{"password":"${password}" oops`);
    await send('POST', `${at}:setPassword`, `{"password":"${password}\\u0000"}`);
    await send('POST', at, { password: { password, hashedPassword: wrong } });
    await send('POST', at, { password: { hashedPassword: wrong } });
    await send('POST', at, { totp: { totpUrl: `${TOTP_URL}&digits=99` } });
    await send('POST', at, { totp: { totpUrl: SEED } });
    await send('POST', at, { lookupSecret: { codes: CODES } });
    await send('POST', '/v1/sessions:authenticate', { identifier: 'x', password: { password } });
    await send('POST', '/v1/sessions:introspect', { sessionToken: { token: tokens[0] } });
    await send('POST', '/v1/sessions:verifySecondFactor', { sessionToken: tokens[0], totpCode: CODES[0] });
    const calls = [
      grpc.setPassword({ identityId: 'nobody', password: `${password}\0` }),
      grpc.importCredential({ identityId: 'nobody', totp: { totpUrl: SEED } }),
      grpc.authenticate({ identifier: password, password }),
      grpc.refreshSession({ sessionToken: tokens[0]! }),
    ];
    for (const result of await Promise.allSettled(calls)) {
      assert.is(result.status, 'rejected');
      if (result.status === 'rejected') answers.push(failureText(result.reason), String(result.reason));
    }
  });

  planted('no answer, no log line and no stored byte holds one', async () => {
    assert.ok(answers.length > 60, String(answers.length));
    assert.ok(logged.length > 10, String(logged.length));
    assert.equal(found(answers.join('\n')), []);
    assert.equal(found(logged.join('')), []);
    assert.not.match(answers.join('\n'), /\$2a\$|\$argon2/);
    assert.not.match(logged.join(''), /\$2a\$|\$argon2/);
    assert.equal(found(await stored()), []);
  });

  planted('the search finds what is there', async () => {
    assert.ok(answers.join('\n').includes('planted-name'));
    await send('POST', '/v1/identities', { givenName: 'planted-stays' });
    assert.ok((await stored()).includes('planted-stays'));
  });

  planted.run();
}
