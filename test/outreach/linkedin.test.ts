import * as assert from 'uvu/assert';
import { type AppContext, forEachApp } from '../support/for-each-app.js';
import { readLines } from '../support/read-lines.js';

const ADA = { firstName: 'Ada', lastName: 'Byron', role: 'Analyst' };

/** A new identity's path. */
async function newIdentity({ acme }: AppContext): Promise<{ id: string; path: string }> {
  const { id } = (await acme('POST', '/v1/identities', ADA)).body.identity;
  return { id, path: `/v1/identities/${id}` };
}

/** A new identity with a login under way. */
async function loggingIn(context: AppContext, username: string) {
  const { id, path } = await newIdentity(context);
  const login = await context.acme('POST', `${path}/linkedin/login`, { username, password: 'hunter2' });
  assert.is(login.status, 200, JSON.stringify(login.body));
  return { id, path, session: login.body.login_result.session_id as string, login };
}

/** The status once it is one of these. */
async function until({ acme }: AppContext, path: string, ...states: string[]) {
  for (let tries = 0; tries < 400; tries++) {
    const { body } = await acme('GET', path);
    if (states.includes(body.session_status)) return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never became ${states}`);
}

// Whether the gateway dials the service or calls it in its own process, callers see the same.
for (const transport of ['local', 'wire'] as const)
  forEachApp(`outreach LinkedIn logins, ${transport}`, { transport }, (test, context) => {
    test('O-6 a login answers 200 with a queued session and the slot, as documented', async () => {
      const { id, session, login } = await loggingIn(context(), 'slow@example.com');
      assert.match(session, /^sess_[A-Za-z0-9_-]{22,}$/);
      assert.equal(login.body, {
        status: 'success',
        message: 'LinkedIn login initiated',
        identity_id: id,
        login_result: { profile_id: `li_${id}`, session_id: session, status: 'queued' },
      });
    });

    test('O-6 to O-9: a two-factor login through a wrong code and the right one', async () => {
      const { acme } = context();
      const { id, path, session } = await loggingIn(context(), '2fa@example.com');
      const status = `${path}/linkedin/status/${session}`;
      const asked = await until(context(), status, 'verification_required');
      assert.equal(Object.keys(asked).sort(), [
        'challenge',
        'created_at',
        'error',
        'expires_at',
        'identity_id',
        'login_result',
        'operation',
        'profile_id',
        'sequence',
        'session_id',
        'session_status',
        'status',
        'updated_at',
      ]);
      assert.equal([asked.challenge.needs_code, asked.challenge.attempts_left, asked.error], [true, 5, null]);
      assert.equal(Object.keys(asked.challenge).sort(), [
        'attempts_left',
        'channel',
        'expires_at',
        'needs_code',
        'type',
      ]);
      const wrong = await acme('POST', `${path}/linkedin/code/${session}`, { code: '000000' });
      assert.equal([wrong.status, wrong.body.message], [200, 'Verification code submitted']);
      const refused = await until(context(), status, 'verification_required');
      assert.equal([refused.challenge.attempts_left, refused.error.code], [4, 'invalid_code']);
      const right = await acme('POST', `${path}/linkedin/code/${session}`, { code: ' 123456 ' });
      assert.equal([right.status, right.body.session_id, right.body.identity_id], [200, session, id]);
      const done = await until(context(), status, 'connected');
      assert.equal([done.challenge, done.error, done.expires_at], [null, null, null]);
      const check = await acme('GET', `${path}/linkedin/check`);
      assert.equal(
        [
          check.status,
          check.body.linkedin.connected,
          check.body.linkedin.status,
          check.body.linkedin.session_id,
        ],
        [200, true, 'connected', session],
      );
      const shown = (await acme('GET', path)).body.identity.linkedin;
      assert.equal([shown.connected, shown.profile_id, shown.last_error], [true, `li_${id}`, null]);
    });

    test('O-7 an identity that never logged in is not connected', async () => {
      const { path } = await newIdentity(context());
      const { status, body } = await context().acme('GET', `${path}/linkedin/check`);
      assert.is(status, 200);
      assert.equal(
        [body.linkedin.connected, body.linkedin.status, body.linkedin.session_id],
        [false, 'not_connected', null],
      );
    });

    test('O-9 a code nobody waits for is 409, after the end session_closed', async () => {
      const { acme } = context();
      const early = await loggingIn(context(), 'slow@example.com');
      const queued = await acme('POST', `${early.path}/linkedin/code/${early.session}`, { code: '1' });
      assert.equal([queued.status, queued.body.code], [409, 'code_not_expected']);
      const inapp = await loggingIn(context(), 'inapp@example.com');
      await until(context(), `${inapp.path}/linkedin/status/${inapp.session}`, 'verification_required');
      assert.is(
        (await acme('POST', `${inapp.path}/linkedin/code/${inapp.session}`, { code: '1' })).status,
        409,
      );
      const ended = await loggingIn(context(), 'badpass@example.com');
      await until(context(), `${ended.path}/linkedin/status/${ended.session}`, 'failed');
      const closed = await acme('POST', `${ended.path}/linkedin/code/${ended.session}`, { code: '1' });
      assert.equal([closed.status, closed.body.code], [409, 'session_closed']);
    });

    test('A-4 no credentials and no stored session is 400 credentials_required, one of the two is 400', async () => {
      const { acme } = context();
      const { path } = await newIdentity(context());
      for (const body of [undefined, {}]) {
        const none = await acme('POST', `${path}/linkedin/login`, body);
        assert.equal([none.status, none.body.code], [400, 'credentials_required']);
      }
      for (const body of [{ username: 'a' }, { password: 'b' }]) {
        const half = await acme('POST', `${path}/linkedin/login`, body);
        assert.equal([half.status, half.body.code], [400, 'invalid_input']);
      }
    });

    test('A-4 once connected, a login needs no credentials', async () => {
      const { acme } = context();
      const { path, session } = await loggingIn(context(), 'ok@example.com');
      await until(context(), `${path}/linkedin/status/${session}`, 'connected');
      const again = await acme('POST', `${path}/linkedin/login`, {});
      assert.is(again.status, 200);
      await until(context(), `${path}/linkedin/status/${again.body.login_result.session_id}`, 'connected');
    });

    for (const [field, body] of [
      ['max_verification_wait_time', { max_verification_wait_time: 0 }],
      ['max_verification_wait_time', { max_verification_wait_time: -5 }],
      ['max_verification_wait_time', { max_verification_wait_time: 3601 }],
      ['max_verification_wait_time', { max_verification_wait_time: '600' }],
      ['country', { country: 'XX' }],
      ['country', { country: 'USA' }],
      ['password', { password: 5 }],
    ] as const) {
      test(`A-6, A-7 ${JSON.stringify(body)} is refused by name`, async () => {
        const { path } = await newIdentity(context());
        const given = { username: 'ok', password: 'x', ...body };
        const answer = await context().acme('POST', `${path}/linkedin/login`, given);
        assert.equal([answer.status, answer.body.details?.[0].field], [400, field]);
      });
    }

    test('A-7 the country is stored in upper case; a fraction of a second is a wait', async () => {
      const { acme } = context();
      const { path } = await newIdentity(context());
      const given = { username: 'ok', password: 'x', country: 'de', max_verification_wait_time: 30.5 };
      assert.is((await acme('POST', `${path}/linkedin/login`, given)).status, 200);
      assert.is((await acme('GET', path)).body.identity.linkedin.country, 'DE');
    });

    test('A-8 the same login again is the same session, another one is 409', async () => {
      const { acme } = context();
      const { path, session } = await loggingIn(context(), '2fa@example.com');
      const same = await acme('POST', `${path}/linkedin/login`, {
        username: '2fa@example.com',
        password: 'hunter2',
      });
      assert.equal([same.status, same.body.login_result.session_id], [200, session]);
      const none = await acme('POST', `${path}/linkedin/login`, {});
      assert.equal([none.status, none.body.login_result?.session_id], [200, session]);
      const other = await acme('POST', `${path}/linkedin/login`, {
        username: '2fa@example.com',
        password: 'other',
      });
      assert.equal([other.status, other.body.code], [409, 'login_in_progress']);
      assert.is(other.headers.get('x-should-retry'), 'false');
    });

    test('50 equal logins at once make one session', async () => {
      const { acme } = context();
      const { path } = await newIdentity(context());
      const login = { username: '2fa@example.com', password: 'x' };
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => acme('POST', `${path}/linkedin/login`, login)),
      );
      assert.equal([...new Set(answers.map(({ status }) => status))], [200]);
      assert.is(new Set(answers.map(({ body }) => body.login_result.session_id)).size, 1);
    });

    test('the sixth login of an identity within an hour is 429 with Retry-After', async () => {
      const { acme } = context();
      const { path } = await newIdentity(context());
      const login = { username: 'badpass@example.com', password: 'x' };
      for (let n = 0; n < 5; n++) {
        const { body } = await acme('POST', `${path}/linkedin/login`, login);
        await until(context(), `${path}/linkedin/status/${body.login_result.session_id}`, 'failed');
      }
      const sixth = await acme('POST', `${path}/linkedin/login`, login);
      assert.equal([sixth.status, sixth.body.code], [429, 'too_many_logins']);
      assert.ok(Number(sixth.headers.get('retry-after')) > 0);
    });

    test('A-12 lines: the state as it is, then each change, and the end', async () => {
      const { acme, app } = context();
      const { path, session } = await loggingIn(context(), '2fa@example.com');
      const key = await app.key('acme');
      const lines = readLines(
        `${app.rest}${path}/linkedin/status/${session}/events`,
        key,
        'application/x-ndjson',
      );
      await until(context(), `${path}/linkedin/status/${session}`, 'verification_required');
      await acme('POST', `${path}/linkedin/code/${session}`, { code: '123456' });
      const messages = (await lines).map((line) => JSON.parse(line));
      const sequences = messages.map(({ sequence }) => sequence);
      assert.equal(
        sequences,
        Array.from({ length: sequences.length }, (_, at) => sequences[0] + at),
      );
      const last = messages.at(-1);
      assert.is(last.session_status, 'connected');
      const now = await acme('GET', `${path}/linkedin/status/${session}`);
      assert.equal(last, now.body);
    });

    test('A-12 server-sent events resume by Last-Event-ID with exactly the later ones, then 204', async () => {
      const { app } = context();
      const { path, session } = await loggingIn(context(), 'ok@example.com');
      const done = await until(context(), `${path}/linkedin/status/${session}`, 'connected');
      const key = await app.key('acme');
      const events = `${app.rest}${path}/linkedin/status/${session}/events`;
      const lines = await readLines(events, key, 'text/event-stream', { 'last-event-id': '1' });
      const ids = lines.filter((line) => line.startsWith('id: ')).map((line) => Number(line.slice(4)));
      assert.equal(
        ids,
        Array.from({ length: done.sequence - 1 }, (_, at) => at + 2),
      );
      const headers = {
        authorization: `Bearer ${key}`,
        accept: 'text/event-stream',
        'last-event-id': `${done.sequence}`,
      };
      assert.is((await fetch(events, { headers })).status, 204);
      assert.is((await fetch(events, { headers: { ...headers, 'last-event-id': 'x' } })).status, 400);
      const beyond = await context().acme(
        'GET',
        `${path}/linkedin/status/${session}/events?after_sequence=99`,
      );
      assert.equal(
        [beyond.status, beyond.body.code, beyond.body.details],
        [400, 'invalid_sequence', [{ field: 'after_sequence', message: 'is beyond the last event' }]],
      );
    });

    test('an unknown session, one of another identity and one of another tenant are 404', async () => {
      const { acme, other } = context();
      const { path, session } = await loggingIn(context(), '2fa@example.com');
      const stranger = await newIdentity(context());
      for (const [rest, where] of [
        [acme, `${path}/linkedin/status/sess_nothing`],
        [acme, `${stranger.path}/linkedin/status/${session}`],
        [acme, `${stranger.path}/linkedin/status/${session}/events`],
        [other, `${path}/linkedin/status/${session}`],
        [other, `${path}/linkedin/status/${session}/events`],
        [other, `${path}/linkedin/check`],
      ] as const) {
        const answer = await rest('GET', where);
        assert.equal([answer.status, answer.body.status], [404, 'error'], where);
      }
      assert.is((await other('POST', `${path}/linkedin/code/${session}`, { code: '123456' })).status, 404);
      assert.is(
        (await other('POST', `${path}/linkedin/login`, { username: 'a', password: 'b' })).status,
        404,
      );
    });

    test('deleting an identity ends its login: 404 to readers, the final event to open watchers', async () => {
      const { acme, app } = context();
      const { path, session } = await loggingIn(context(), '2fa@example.com');
      await until(context(), `${path}/linkedin/status/${session}`, 'verification_required');
      const watching = readLines(
        `${app.rest}${path}/linkedin/status/${session}/events`,
        await app.key('acme'),
        'application/x-ndjson',
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.is((await acme('DELETE', path)).status, 200);
      const last = JSON.parse((await watching).at(-1)!);
      assert.is((last.result ?? last).session_status, 'cancelled');
      assert.is((await acme('GET', `${path}/linkedin/status/${session}`)).status, 404);
    });
  });
