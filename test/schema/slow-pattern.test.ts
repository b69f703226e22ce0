// In a process of its own: its stalls are its own.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { slowPattern } from '../../src/services/schema/slow-pattern.js';
import { watchStalls } from '../support/watch-stalls.js';

const patterns = suite('slowPattern');

for (const pattern of ['^(a+)+$', '(.*)*x', '^([a-z]+)*!$', 'a*a*b', '(']) {
  patterns(`${pattern} is slow, or no pattern`, async () => assert.is(await slowPattern([pattern]), pattern));
}

patterns('patterns as people write them are not', async () => {
  const written = [
    '^[A-Z]{2}[0-9]{4}$',
    '^\\+[0-9]{7,15}$',
    '^[^@\\s]+@[^@\\s]+$',
    '^(de|en|fr)$',
    '^\\p{L}+$',
  ];
  assert.is(await slowPattern(written), undefined);
});

patterns('the first slow one of several is named', async () => {
  assert.is(await slowPattern(['^a$', '^(b|b)*$', '^(c+)+$']), '^(b|b)*$');
});

patterns('meanwhile the event loop goes on', async () => {
  const stalled = watchStalls();
  await slowPattern(['^([a-z]{1,500}){1,500}$']);
  const longest = stalled();
  assert.ok(longest < 250, `${longest} ms`);
});

patterns('at most eight wait, others are told to come back', async () => {
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => slowPattern(['^a$'])));
  const refused = all.filter((each) => each.status === 'rejected');
  assert.is(refused.length, 4);
  assert.is((refused[0]!.reason as { reason: string }).reason, 'TOO_MANY_REQUESTS');
});

patterns.run();
