// In a process of its own: its memory is its own.
import { once } from 'node:events';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { StoreUnavailableError } from '../../src/storage/errors.js';
import { ended, options, stream } from './lab/call.js';
import { createLab, decode, encode, type Loose } from './lab/lab.js';
import { heapInUse } from './lab/memory.js';

const streams = suite('streams');

async function* forever() {
  for (let at = 0; ; at++) yield encode({ text: String(at) });
}
async function* one(request: Loose = {}) {
  yield encode(request);
}

streams('each kind of stream is carried', async () => {
  const { pipeline } = createLab();
  const count = await stream(pipeline, 'Count', [{ count: 3n }]);
  assert.equal(
    count.messages.map(({ text }) => text),
    ['0', '1', '2'],
  );
  const collect = await stream(pipeline, 'Collect', [{ text: 'a' }, { text: 'b' }]);
  assert.equal(collect.messages[0].tags, ['a', 'b']);
  const chat = await stream(pipeline, 'Chat', [{ text: 'a' }, { text: 'b' }]);
  assert.is(chat.messages.length, 2);
  for (const { end, header } of [count, collect, chat]) {
    assert.is(end.code, 'OK');
    assert.is(header[0]![0], 'x-request-id');
  }
});

streams('a stream without messages ends well', async () => {
  const { pipeline } = createLab();
  for (const [method, requests] of [
    ['Count', [{}]],
    ['Chat', []],
  ] as const) {
    const { end, messages } = await stream(pipeline, method, requests);
    assert.is(end.code, 'OK');
    assert.equal(messages, []);
  }
});

streams('key, scope and rules hold for streams as for other calls', async () => {
  const { pipeline } = createLab();
  assert.is((await stream(pipeline, 'Count', [{}], { key: '' })).end.code, 'UNAUTHENTICATED');
  assert.is((await stream(pipeline, 'Count', [{ text: 'x'.repeat(21) }])).end.reason, 'INVALID_INPUT');
  assert.is((await stream(pipeline, 'Count', [])).end.reason, 'INVALID_INPUT');
  assert.is((await stream(pipeline, 'Echo')).end.code, 'UNIMPLEMENTED');
});

streams(
  'a stream ends soon after its key is revoked, of whatever kind, and goes on while nobody can tell',
  async () => {
    let key: 'good' | 'revoked' | 'unknown' = 'good';
    const { pipeline, logged } = createLab(
      {
        async *count(request, { signal }) {
          yield request;
          await once(signal, 'abort');
        },
      },
      {
        authenticate: async () => {
          if (key === 'unknown') throw new StoreUnavailableError('away');
          return key === 'good' ? { tenant: 't1', subject: 'k1', scopes: ['read', 'write'] } : undefined;
        },
      },
    );
    const silent = new Promise<IteratorResult<Uint8Array>>(() => {});
    const requests = { [Symbol.asyncIterator]: () => ({ next: () => silent }) };
    const replies = ['Collect', 'Chat'].map((method) => pipeline.stream(options(method), requests));
    replies.push(pipeline.stream(options('Count'), one()));
    const ends = Promise.all(replies.map(async ({ end }) => ended((await end).status).code));
    await turn();
    key = 'unknown';
    assert.is(await Promise.race([ends, sleep(600, 'open')]), 'open');
    key = 'revoked';
    assert.equal(await Promise.race([ends, sleep(600, 'open')]), Array(3).fill('UNAUTHENTICATED'));
    assert.equal(logged, []);
  },
);

streams('a bad request amid a stream ends the call, whatever the handler makes of it', async () => {
  const { pipeline } = createLab({
    async *chat(requests) {
      try {
        for await (const request of requests) yield request;
      } catch {
        await sleep(10_000, undefined, { ref: false });
      }
    },
  });
  const { end, messages } = await stream(pipeline, 'Chat', [{ text: 'a' }, { text: 'x'.repeat(21) }]);
  assert.is(end.reason, 'INVALID_INPUT');
  assert.is(end.violations[0]!.field, 'text');
  assert.is(messages.length, 1);
});

streams(
  "when the caller's side of a stream breaks, the call is CANCELLED and nothing is logged",
  async () => {
    async function* broken() {
      yield encode({ text: 'a' });
      throw new Error('the connection is gone');
    }
    for (const method of ['Collect', 'Chat', 'Count']) {
      const { pipeline, logged } = createLab();
      const reply = pipeline.stream(options(method), broken());
      for await (const _message of reply.messages);
      assert.is(ended((await reply.end).status).code, 'CANCELLED', method);
      assert.equal(logged, []);
    }
  },
);

streams('an error amid a stream comes after the messages before it', async () => {
  const { pipeline, logged } = createLab({
    async *count() {
      yield { text: '1' };
      throw new Error('canary');
    },
  });
  const { end, messages } = await stream(pipeline, 'Count');
  assert.is(end.code, 'INTERNAL');
  assert.is(messages.length, 1);
  assert.is(logged.length, 1);
});

streams('the handler is asked for the next message only when somebody reads', async () => {
  let made = 0;
  const { pipeline } = createLab({
    async *count() {
      for (;;) yield { text: String(made++) };
    },
  });
  const reply = pipeline.stream(options('Count'), one());
  const reader = reply.messages[Symbol.asyncIterator]();
  await sleep(20);
  assert.is(made, 1);
  for (let read = 1; read <= 5; read++) {
    assert.is(decode((await reader.next()).value).text, String(read - 1));
    await turn();
    assert.ok(made <= read + 1, `${made} made, ${read} read`);
  }
  await reader.return?.();
  assert.is(ended((await reply.end).status).code, 'CANCELLED');
});

streams('requests are read only as the handler takes them', async () => {
  let sent = 0;
  async function* source() {
    for await (const bytes of forever()) {
      sent++;
      yield bytes;
    }
  }
  const { pipeline } = createLab({
    async collect(requests) {
      for await (const { text } of requests) {
        await sleep(2);
        if (text === '3') break;
      }
      return {};
    },
  });
  const reply = pipeline.stream(options('Collect'), source());
  for await (const _message of reply.messages);
  assert.is(ended((await reply.end).status).code, 'OK');
  assert.is(sent, 4);
});

streams('when the reader leaves, the handler is told and cleans up', async () => {
  let cleaned = false;
  let signal: AbortSignal | undefined;
  const { pipeline } = createLab({
    async *count(_request, call) {
      signal = call.signal;
      try {
        for (;;) yield {};
      } finally {
        cleaned = true;
      }
    },
  });
  const reply = pipeline.stream(options('Count'), one());
  for await (const _message of reply.messages) break;
  await sleep(5);
  assert.ok(cleaned);
  assert.ok(signal?.aborted);
});

streams('when the caller goes while nobody reads, the call ends all the same', async () => {
  const caller = new AbortController();
  let cleaned = false;
  const { pipeline } = createLab({
    async *count(_request, call) {
      try {
        yield {};
        await sleep(60_000, undefined, { signal: call.signal });
      } finally {
        cleaned = true;
      }
    },
  });
  const reply = pipeline.stream(options('Count', { signal: caller.signal }), one());
  await reply.header;
  caller.abort();
  assert.is(ended((await reply.end).status).code, 'CANCELLED');
  await sleep(5);
  assert.ok(cleaned);
});

streams(
  "a stream ends at its caller's deadline though its handler is stuck, and has none of its own",
  async () => {
    let deadline = 0;
    const { pipeline } = createLab(
      {
        async *count(_request, call) {
          deadline = call.deadline;
          yield {};
          await new Promise(() => {});
        },
      },
      { limits: { defaultDeadlineMs: 50, longestDeadlineMs: 50 } },
    );
    const started = Date.now();
    const { end } = await stream(pipeline, 'Count', [{}], { deadline: started + 150 });
    assert.is(end.code, 'DEADLINE_EXCEEDED');
    assert.ok(Date.now() - started >= 149 && Date.now() - started < 400);
    const free = pipeline.stream(options('Count'), one());
    await free.header;
    assert.is(deadline, Number.POSITIVE_INFINITY);
    for await (const _message of free.messages) break;
  },
);

streams('stopping ends streams at once', async () => {
  const { pipeline } = createLab({
    async *count() {
      yield {};
      await new Promise(() => {});
    },
  });
  const read = stream(pipeline, 'Count');
  await sleep(5);
  await pipeline.stop(5000);
  assert.is((await read).end.reason, 'SHUTTING_DOWN');
});

streams('streams have places of their own', async () => {
  const { pipeline } = createLab({}, { limits: { streams: { total: 10, perTenant: 1 } } });
  const held = pipeline.stream(options('Chat'), forever());
  await held.header;
  assert.is((await stream(pipeline, 'Chat', [])).end.reason, 'TOO_MANY_REQUESTS');
  for await (const _message of held.messages) break;
  assert.is((await stream(pipeline, 'Chat', [])).end.code, 'OK');
});

streams('a long stream holds on to nothing', async () => {
  const { pipeline } = createLab({
    async *count() {
      for (let at = 0; at < 200_000; at++) yield { count: BigInt(at) };
    },
  });
  const reply = pipeline.stream(options('Count'), one());
  let early = 0;
  let grown = 0;
  let read = 0;
  for await (const _message of reply.messages) {
    read++;
    if (read === 20_000) early = heapInUse();
    // Still under way: what ends with the call is no leak.
    if (read === 199_000) grown = heapInUse() - early;
  }
  assert.is(read, 200_000);
  assert.ok(grown < 5e6, `${grown} bytes more`);
});

streams('what the handler throws is shown by its reason', async () => {
  const { pipeline } = createLab({
    collect: () => Promise.reject(new FacetError('SESSION_CLOSED')),
  });
  assert.is((await stream(pipeline, 'Collect')).end.reason, 'SESSION_CLOSED');
});

streams.run();
