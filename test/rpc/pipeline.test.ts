import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { service } from '../../src/rpc/service.js';
import { ClaimTakenError, StoreFullError, StoreUnavailableError } from '../../src/storage/errors.js';
import { ContentionError } from '../../src/storage/mutate.js';
import { LAB, unary } from './lab/call.js';
import { BareDefinition, createLab } from './lab/lab.js';

const pipeline = suite('pipeline');

pipeline('a call is answered, with the request id as a header', async () => {
  const { pipeline } = createLab();
  const reply = await unary(pipeline, 'Echo', { text: 'hello' });
  assert.is(reply.end.code, 'OK');
  assert.is(reply.message.text, 'hello');
  assert.match(String(reply.header.find(([name]) => name === 'x-request-id')?.[1]), /^[0-9a-f-]{36}$/);
});

pipeline("the caller's request id is kept where it is sane, in errors too", async () => {
  const { pipeline } = createLab();
  const given = await unary(pipeline, 'Echo', {}, { metadata: [['x-request-id', 'abc-1']] });
  assert.equal(given.header, [['x-request-id', 'abc-1']]);
  const refused = await unary(pipeline, 'Echo', {}, { key: '', metadata: [['x-request-id', 'abc-2']] });
  assert.is(refused.end.requestId, 'abc-2');
  for (const bad of ['', 'a b', 'x'.repeat(129), 'é', 'a\u001b[31m']) {
    const reply = await unary(pipeline, 'Echo', {}, { metadata: [['x-request-id', bad]] });
    assert.is.not(reply.header[0]![1], bad);
  }
});

pipeline('a call without exactly one good key is UNAUTHENTICATED', async () => {
  const { pipeline } = createLab();
  const values = ['', 'Bearer', 'Bearer ', 'Basic reader', 'reader', 'Bearer nobody', 'Bearer reader x'];
  for (const value of [...values, `Bearer ${'a'.repeat(65_536)}`, 'Bearer reader\u0000']) {
    const reply = await unary(pipeline, 'Echo', {}, { key: '', metadata: [['authorization', value]] });
    assert.is(reply.end.reason, 'UNAUTHENTICATED', value.slice(0, 40));
  }
  const twice = await unary(pipeline, 'Echo', {}, { metadata: [['authorization', 'Bearer writer']] });
  assert.is(twice.end.code, 'UNAUTHENTICATED');
  assert.is((await unary(pipeline, 'Echo', {}, { key: '' })).end.code, 'UNAUTHENTICATED');
  const lower = await unary(
    pipeline,
    'Echo',
    {},
    { key: '', metadata: [['authorization', 'bearer reader']] },
  );
  assert.is(lower.end.code, 'OK');
});

pipeline('a key without the scope of the method is refused', async () => {
  const { pipeline } = createLab();
  const reply = await unary(pipeline, 'Write', {}, { key: 'reader' });
  assert.is(reply.end.code, 'PERMISSION_DENIED');
  assert.is(reply.end.reason, 'SCOPE_MISSING');
});

pipeline('methods without a scope are refused at start, all of them named', () => {
  const echo = async (request: unknown) => request;
  assert.throws(
    () => createLab({}, { services: [service(BareDefinition, { first: echo, second: echo })] }),
    (error: Error) =>
      error.message.includes('BareService/First') && error.message.includes('BareService/Second'),
  );
});

pipeline('a service that the image lacks is refused at start', () => {
  const unknown = { fullName: 'facet.none.v1.NoService', methods: {} };
  assert.throws(() => createLab({}, { services: [service(unknown, {})] }), /facet\.none\.v1\.NoService/);
});

pipeline('an unknown method is UNIMPLEMENTED', async () => {
  const { pipeline } = createLab();
  for (const path of ['/a.B/C', 'Nope', `${LAB}Count`, '', '/', '__proto__']) {
    assert.is((await unary(pipeline, path)).end.code, 'UNIMPLEMENTED', path);
  }
});

pipeline('what stores and handlers throw has its own code', async () => {
  const thrown = [
    [new StoreUnavailableError('mongodb://user:secret@host'), 'UNAVAILABLE', 'STORE_UNAVAILABLE'],
    [new StoreFullError('full'), 'RESOURCE_EXHAUSTED', 'STORE_FULL'],
    [new ContentionError('often'), 'ABORTED', 'CONTENTION'],
    [new ClaimTakenError('["a","secret"]', 'x'), 'ALREADY_EXISTS', 'ALREADY_EXISTS'],
    [new FacetError('ETAG_MISMATCH'), 'ABORTED', 'ETAG_MISMATCH'],
  ] as const;
  for (const [error, code, reason] of thrown) {
    const { pipeline } = createLab({ echo: () => Promise.reject(error) });
    const { end } = await unary(pipeline, 'Echo');
    assert.is(end.code, code);
    assert.is(end.reason, reason);
    assert.not.match(end.message, 'secret');
  }
});

pipeline('only what can help is given a time to try again', async () => {
  const retryOf = async (error: Error) => {
    const { pipeline } = createLab({ echo: () => Promise.reject(error) });
    return (await unary(pipeline, 'Echo')).end.retryMs;
  };
  assert.is(await retryOf(new StoreUnavailableError('gone')), 1000);
  assert.is(await retryOf(new FacetError('TOO_MANY_LOGINS', { retryAfterMs: 1500 })), 1500);
  assert.is(await retryOf(new FacetError('NOT_FOUND')), undefined);
});

pipeline('an unknown error is INTERNAL, tells nothing, and is logged once with its cause', async () => {
  const cause = new Error('the disk is on fire');
  const { pipeline, logged } = createLab({
    echo: () => Promise.reject(new Error('canary-4711', { cause })),
  });
  const { end, message } = await unary(
    pipeline,
    'Echo',
    { text: 'contents' },
    { metadata: [['x-request-id', 'r-1']] },
  );
  assert.is(end.code, 'INTERNAL');
  assert.is(end.requestId, 'r-1');
  assert.is(message, undefined);
  assert.not.match(JSON.stringify(end), 'canary');
  assert.is(logged.length, 1);
  const line = JSON.parse(logged[0]!);
  assert.is(line.requestId, 'r-1');
  assert.is(line.method, `${LAB}Echo`);
  assert.is(line.tenant, 't1');
  assert.match(logged[0]!, 'canary-4711');
  assert.match(logged[0]!, 'the disk is on fire');
  assert.not.match(logged[0]!, 'contents');
  assert.not.match(logged[0]!, 'Bearer');
});

pipeline('whatever is thrown, and wherever, is one INTERNAL and the next call is answered', async () => {
  for (const thrown of [undefined, null, 'text', 7, { code: 5 }, Object.create(null), new Error('x')]) {
    let bad = true;
    const fail = () => {
      if (bad) throw thrown;
    };
    const handler = createLab({
      echo: async (request) => {
        fail();
        return request;
      },
    });
    const keys = createLab(
      {},
      {
        authenticate: async () => {
          fail();
          return { tenant: 't', subject: 's', scopes: ['read'] };
        },
      },
    );
    const answer = createLab({ echo: async (request) => (bad ? (thrown as never) : request) });
    for (const { pipeline } of [handler, keys, answer]) {
      bad = true;
      // An empty object is a fair answer.
      const { end } = await unary(pipeline, 'Echo');
      if (pipeline !== answer.pipeline) assert.is(end.code, 'INTERNAL');
      bad = false;
      assert.is((await unary(pipeline, 'Echo')).end.code, 'OK');
    }
  }
});

pipeline('the deadline holds while the handler is stuck', async () => {
  let signal: AbortSignal | undefined;
  const { pipeline } = createLab({
    echo: (request, call) => {
      signal = call.signal;
      return sleep(1000, request);
    },
  });
  const started = Date.now();
  const { end } = await unary(pipeline, 'Echo', {}, { deadline: started + 100 });
  const took = Date.now() - started;
  assert.is(end.code, 'DEADLINE_EXCEEDED');
  assert.ok(took >= 99 && took < 350, `${took} ms`);
  assert.ok(signal?.aborted);
});

pipeline('the deadline holds while the key is being looked up', async () => {
  const { pipeline } = createLab({}, { authenticate: () => new Promise(() => {}) });
  const started = Date.now();
  const { end } = await unary(pipeline, 'Echo', {}, { deadline: started + 50 });
  assert.is(end.code, 'DEADLINE_EXCEEDED');
  assert.ok(Date.now() - started < 300);
});

pipeline('a deadline that has passed ends the call before its handler', async () => {
  let ran = false;
  const { pipeline } = createLab({
    echo: async (request) => {
      ran = true;
      return request;
    },
  });
  const { end } = await unary(pipeline, 'Echo', {}, { deadline: Date.now() - 1 });
  assert.is(end.code, 'DEADLINE_EXCEEDED');
  await sleep(5);
  assert.not.ok(ran);
});

pipeline(
  'a unary call without a deadline gets the default, and none gets more than the longest',
  async () => {
    const limits = { defaultDeadlineMs: 5000, longestDeadlineMs: 8000 };
    let deadline = 0;
    const { pipeline } = createLab(
      {
        echo: async (request, call) => {
          deadline = call.deadline;
          return request;
        },
      },
      { limits },
    );
    await unary(pipeline, 'Echo');
    assert.ok(Math.abs(deadline - Date.now() - 5000) < 500);
    await unary(pipeline, 'Echo', {}, { deadline: Date.now() + 3_600_000 });
    assert.ok(Math.abs(deadline - Date.now() - 8000) < 500);
  },
);

pipeline('when the caller goes, the handler is told and the call is CANCELLED', async () => {
  const caller = new AbortController();
  let reason: unknown;
  const { pipeline } = createLab({
    echo: (_request, call) =>
      new Promise((_resolve, reject) => {
        call.signal.addEventListener('abort', () => {
          reason = call.signal.reason;
          reject(new Error('interrupted'));
        });
      }),
  });
  const reply = unary(pipeline, 'Echo', {}, { signal: caller.signal });
  await sleep(10);
  caller.abort();
  assert.is((await reply).end.code, 'CANCELLED');
  assert.is((reason as FacetError).reason, 'CANCELLED');
  assert.is((await unary(pipeline, 'Echo', {}, { signal: AbortSignal.abort() })).end.code, 'CANCELLED');
});

pipeline('too many calls of a tenant are refused with a time to try again, and others go on', async () => {
  const waiting: (() => void)[] = [];
  const { pipeline } = createLab(
    { echo: (request) => new Promise((resolve) => waiting.push(() => resolve(request))) },
    { limits: { unary: { total: 5, perTenant: 2 } } },
  );
  const first = [unary(pipeline, 'Echo'), unary(pipeline, 'Echo')];
  await sleep(5);
  const third = await unary(pipeline, 'Echo');
  assert.is(third.end.reason, 'TOO_MANY_REQUESTS');
  assert.is(third.end.retryMs, 1000);
  const other = [1, 2].map(() => unary(pipeline, 'Echo', {}, { key: 'other' }));
  await sleep(5);
  for (const go of waiting.splice(0)) go();
  for (const { end } of await Promise.all([...first, ...other])) assert.is(end.code, 'OK');
  const again = unary(pipeline, 'Echo');
  await sleep(5);
  waiting[0]!();
  assert.is((await again).end.code, 'OK');
});

pipeline('calls of all tenants together have a limit, which calls without a key count against', async () => {
  const { pipeline } = createLab(
    {},
    { limits: { unary: { total: 2, perTenant: 2 } }, authenticate: () => new Promise(() => {}) },
  );
  const deadline = Date.now() + 80;
  const pending = [1, 2].map(() => unary(pipeline, 'Echo', {}, { deadline }));
  assert.is((await unary(pipeline, 'Echo')).end.reason, 'TOO_MANY_REQUESTS');
  await Promise.all(pending);
  assert.is((await unary(pipeline, 'Echo', {}, { deadline: Date.now() + 20 })).end.code, 'DEADLINE_EXCEEDED');
});

pipeline('requests and answers beyond the limits are refused', async () => {
  const { pipeline } = createLab(
    { echo: async () => ({ blob: new Uint8Array(3000) }) },
    { limits: { requestBytes: 1000, answerBytes: 2000 } },
  );
  assert.is((await unary(pipeline, 'Echo', { blob: new Uint8Array(1000) })).end.reason, 'REQUEST_TOO_LARGE');
  assert.is((await unary(pipeline, 'Echo')).end.reason, 'ANSWER_TOO_LARGE');
});

pipeline(
  'handlers read headers, one that is repeated as one list (RFC 9110 5.3), and add their own',
  async () => {
    const { pipeline } = createLab({
      echo: async (request, call) => {
        call.setHeader('etag', call.header('if-match') ?? 'none');
        return request;
      },
    });
    const reply = await unary(
      pipeline,
      'Echo',
      {},
      {
        metadata: [
          ['if-match', '"1"'],
          ['if-match', '"2"'],
        ],
      },
    );
    assert.equal(reply.header[1], ['etag', '"1", "2"']);
  },
);

pipeline('a header that is not printable is our own fault', async () => {
  const { pipeline } = createLab({
    echo: async (request, call) => {
      call.setHeader('location', 'a\r\nset-cookie: x');
      return request;
    },
  });
  assert.is((await unary(pipeline, 'Echo')).end.code, 'INTERNAL');
});

pipeline('stopping refuses new calls, lets those under way finish, and cuts the last ones', async () => {
  let finish = () => {};
  const { pipeline } = createLab({
    echo: (request) =>
      request.text === 'stuck'
        ? new Promise(() => {})
        : new Promise((resolve) => (finish = () => resolve(request))),
  });
  const stuck = unary(pipeline, 'Echo', { text: 'stuck' });
  const good = unary(pipeline, 'Echo');
  await sleep(5);
  const started = Date.now();
  const stopped = pipeline.stop(100);
  assert.is((await unary(pipeline, 'Echo')).end.reason, 'SHUTTING_DOWN');
  finish();
  assert.is((await good).end.code, 'OK');
  assert.is((await stuck).end.reason, 'SHUTTING_DOWN');
  await stopped;
  assert.ok(Date.now() - started < 300);
  await pipeline.stop(100);
});

pipeline.run();
