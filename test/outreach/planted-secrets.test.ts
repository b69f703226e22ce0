import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/config.js';
import { LinkedInSessionServiceDefinition } from '../../src/gen/facet/v1/linkedin_session_service.js';
import { storeOf } from '../../src/stores.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { failureText, grpcClient } from '../support/grpc.js';
import { readLines } from '../support/read-lines.js';
import { availableStores } from '../support/stores.js';

const PASSWORD = 'planted-password-7f3a';
const CODES = ['planted-code-91', 'planted-code-92'];
const ADA = { firstName: 'Ada', lastName: 'Byron', role: 'Analyst' };

for (const { name } of availableStores()) {
  const folder = mkdtempSync(join(tmpdir(), 'facet-planted-'));
  const database = `facet_test_${randomBytes(6).toString('hex')}`;
  const logged: string[] = [];
  const answers: string[] = [];
  let app: TestApp;
  let key: string;
  const planted = suite(`planted secrets [${name}]`);

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
    key = await app.key('acme');
  });
  planted.after(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
    if (name !== 'mongo') return;
    const client = new MongoClient(process.env.MONGODB_URI!);
    await client.db(database).dropDatabase();
    await client.close();
  });

  async function send(method: string, path: string, body?: unknown) {
    const answer = await fetch(app.rest + path, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    answers.push(JSON.stringify([...answer.headers]), text);
    return JSON.parse(text);
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

  const secrets = () => [PASSWORD, ...CODES, key];
  const found = (text: string) => secrets().filter((secret) => text.includes(secret));

  planted('passwords and codes are in no store, even while they are needed', async () => {
    for (const scenario of ['2fa', 'chained', 'badpass', 'flaky', 'captcha', 'slow']) {
      const { id } = (await send('POST', '/v1/identities', ADA)).identity;
      const path = `/v1/identities/${id}/linkedin`;
      const login = await send('POST', `${path}/login`, { username: `${scenario}@x`, password: PASSWORD });
      assert.equal(found(await stored()), []);
      const session = login.login_result.session_id;
      const watching = readLines(
        `${app.rest}${path}/status/${session}/events`,
        key,
        'application/x-ndjson',
      ).catch(() => []);
      for (const code of CODES) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        await send('POST', `${path}/code/${session}`, { code });
        assert.equal(found(await stored()), []);
      }
      await send('GET', `${path}/status/${session}`);
      await send('GET', `${path}/check`);
      await send('DELETE', `/v1/identities/${id}`);
      answers.push(...(await watching));
    }
  });

  planted('requests that are refused do not hand them back', async () => {
    const { id } = (await send('POST', '/v1/identities', ADA)).identity;
    const path = `/v1/identities/${id}/linkedin`;
    await send('POST', `${path}/login`, { password: PASSWORD });
    await send('POST', `${path}/login`, { username: 5, password: [PASSWORD] });
    await send('POST', `${path}/login`, { username: 'a', password: PASSWORD.repeat(200) });
    await send('POST', `${path}/login`, `{"username":"a","password":"${PASSWORD}" oops`);
    await send('POST', `${path}/login`, `{"username":"a","password":"${PASSWORD}\\u0000"}`);
    await send('POST', `${path}/code/sess_nothing`, { code: CODES[0] });
    await send('POST', `${path}/code/sess_nothing`, { code: { [CODES[0]!]: CODES[1] } });
    const logins = grpcClient(LinkedInSessionServiceDefinition, app.grpc, key);
    for (const request of [
      { identityId: id, password: PASSWORD },
      { identityId: 'nope', username: 'a', password: PASSWORD },
      { identityId: id, username: 'a', password: `${PASSWORD}\0` },
    ]) {
      await logins.startLogin(request).catch((error) => answers.push(failureText(error), String(error)));
    }
    logins.close();
  });

  planted('no answer, no log line and no stored byte holds one', async () => {
    assert.ok(answers.length > 50);
    assert.equal(found(answers.join('\n')), []);
    assert.equal(found(logged.join('')), []);
    for (const line of logged) JSON.parse(line);
    assert.equal(found(await stored()), []);
  });

  planted('the search finds what is there', async () => {
    const { id } = (await send('POST', '/v1/identities', { ...ADA, role: 'planted-role' })).identity;
    assert.ok((await stored()).includes('planted-role'));
    assert.ok(answers.join('\n').includes('planted-role'));
    await send('DELETE', `/v1/identities/${id}`);
  });

  planted.run();
}
