import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startLife } from '../../src/rpc/life.js';
import { warningsDuring } from '../support/warnings.js';

const lives = suite('the life of a call');

lives('as much as a handler likes may listen for the end of its call', async () => {
  const caller = new AbortController();
  const life = startLife(Number.POSITIVE_INFINITY, caller.signal);
  let told = 0;
  const warnings = await warningsDuring(() => {
    for (let n = 0; n < 50; n++) life.signal.addEventListener('abort', () => told++);
  });
  assert.equal(warnings, []);
  caller.abort();
  assert.is(told, 50);
});

lives('the watch for warnings sees one of too many listeners', async () => {
  const { signal } = new AbortController();
  const warnings = await warningsDuring(() => {
    for (let n = 0; n < 50; n++) signal.addEventListener('abort', () => {});
  });
  assert.equal(warnings, ['MaxListenersExceededWarning']);
});

lives.run();
