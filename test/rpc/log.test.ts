import { Writable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readImageFile } from '../../src/image.js';
import { describeError } from '../../src/rpc/describe-error.js';
import { createLog } from '../../src/rpc/log.js';
import { unary } from './lab/call.js';
import { createLab } from './lab/lab.js';

const log = suite('log');

function recorder(level = 'debug') {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).split('\n').filter(Boolean));
      done();
    },
  });
  return { lines, log: createLog({ level, image: readImageFile(), destination }) };
}

log('fields marked debug_redact and the authorization header are not written', () => {
  const { lines, log } = recorder();
  log.info(
    { password: 'canary', request: { password: 'canary', a: { password: 'canary', code: 'canary' } } },
    'x',
  );
  log.info({ authorization: 'canary', headers: { authorization: 'canary' }, code: 'canary' }, 'y');
  assert.is(lines.length, 2);
  for (const line of lines) assert.not.match(line, 'canary');
});

log('of an error its texts, code and causes are written, and nothing that hangs on it', () => {
  const { lines, log } = recorder();
  const cause = Object.assign(new Error('connect ECONNREFUSED'), {
    code: 'ECONNREFUSED',
    document: { name: 'canary' },
  });
  log.error(
    { err: Object.assign(new TypeError('went wrong', { cause }), { query: { password: 'canary' } }) },
    'x',
  );
  const { err } = JSON.parse(lines[0]!);
  assert.is(err.name, 'TypeError');
  assert.is(err.cause.errorCode, 'ECONNREFUSED');
  assert.match(err.stack, 'log.test');
  assert.not.match(lines[0]!, 'canary');
});

log('keys, tokens and passwords are cut out of the texts of errors', () => {
  const key = `facet_outreach_${'k'.repeat(43)}`;
  const error = new Error(`Bearer eyJ.a.b failed at mongodb://user:hunter2@host/db with ${key}`);
  const text = JSON.stringify(describeError(error));
  for (const secret of ['eyJ', 'hunter2', 'kkkk']) assert.not.match(text, secret);
  assert.match(text, 'host/db');
});

log('causes that go round in circles end', () => {
  const error = new Error('a');
  error.cause = error;
  assert.ok(JSON.stringify(describeError(error)).length < 20_000);
});

log('a line stays one line whatever is in it', async () => {
  const nasty = '\r\n{"level":60}\u001b[31m\u2028\u0000';
  const { pipeline, logged } = createLab({ echo: () => Promise.reject(new Error(nasty)) });
  await unary(
    pipeline,
    'Echo',
    {},
    {
      metadata: [
        ['x-request-id', `a${nasty}`],
        ['user-agent', nasty],
      ],
    },
  );
  assert.is(logged.length, 1);
  assert.is(logged[0]!.trimEnd().split('\n').length, 1);
  assert.is(JSON.parse(logged[0]!).err.message, nasty);
  assert.not.match(logged[0]!, '\u001b');
});

log('at the level debug a refused call leaves its reason, without the key or the contents', async () => {
  const { pipeline, logged } = createLab({}, { level: 'debug' });
  await unary(pipeline, 'Echo', { text: 'canary'.repeat(4) }, { key: 'reader' });
  await unary(pipeline, 'Echo', Buffer.from('canary'), { key: 'reader' });
  await unary(pipeline, 'Echo', {}, { key: 'canary' });
  assert.equal(
    logged.map((line) => JSON.parse(line).reason),
    ['INVALID_INPUT', 'INVALID_INPUT', 'UNAUTHENTICATED'],
  );
  for (const line of logged) {
    assert.not.match(line, 'canary');
    assert.not.match(line, 'Bearer');
  }
});

log.run();
