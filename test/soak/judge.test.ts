import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Sample, sampleOf, slopeOf } from '../../bench/soak/gauges.js';
import { judge } from '../../bench/soak/judge.js';

const soak = suite('what a soak says');
const MINUTES = 10;
const PER_SECOND = 300;

/** A sample every six seconds. */
const samples = (residentMb: (minute: number) => number, handles: (minute: number) => number = () => 70) =>
  Array.from({ length: MINUTES * 10 }, (_, n): Sample => {
    const minute = n / 10;
    return { minute, residentMb: residentMb(minute), handles: handles(minute) };
  });

const missedBy = (
  some: readonly Sample[],
  calls = MINUTES * 60 * PER_SECOND,
  errors = new Map<string, number>(),
) => judge({ minutes: MINUTES, perSecond: PER_SECOND, samples: some, calls, errors }).missed;

soak('the slope is that of the line through the samples, however they are strewn about it', () => {
  const strewn = samples((minute) => 100 + 0.5 * minute + (Math.round(minute * 10) % 2 ? 8 : -8));
  assert.ok(Math.abs(slopeOf(strewn) - 0.5) < 0.05, `${slopeOf(strewn)}`);
});

soak('what grows in the first three minutes only is met, what grows on is not', () => {
  assert.equal(missedBy(samples((minute) => 100 + 50 * Math.min(minute, 2.9))), []);
  assert.equal(missedBy(samples((minute) => 100 + 0.9 * minute)), []);
  assert.match(missedBy(samples((minute) => 100 + 1.1 * minute)).join(), 'memory grows');
});

soak('garbage that comes and goes is not taken for growth, nor does it hide any', () => {
  const sawtooth = (minute: number) => 60 * ((minute * 1.7) % 1);
  assert.equal(
    missedBy(samples((minute) => 200 + sawtooth(minute) + ((minute > 9 ? 40 : 0) * sawtooth(minute)) / 60)),
    [],
  );
  assert.match(missedBy(samples((minute) => 200 + sawtooth(minute) + 2.5 * minute)).join(), 'memory grows');
});

soak('handles that are more at the end are missed, those that come and go are not', () => {
  const flat = () => 100;
  assert.equal(
    missedBy(samples(flat, (minute) => 70 + (Math.round(minute * 10) % (minute > 8 ? 40 : 3)))),
    [],
  );
  assert.match(missedBy(samples(flat, (minute) => 70 + 2 * minute)).join(), 'handles grow');
});

soak('one call that failed, or a rate that was not kept, is missed', () => {
  const calm = samples(() => 100);
  const failed = missedBy(calm, undefined, new Map([['GET 503', 1]]));
  assert.equal(failed, ['calls failed: 1 × GET 503']);
  assert.match(missedBy(calm, MINUTES * 60 * PER_SECOND * 0.9).join(), 'fewer than 300 calls');
});

soak('samples that are missing are not taken for a process that stayed as it was', () => {
  assert.ok(missedBy([]).length >= 2);
});

soak('a process of this machine is seen with its memory and handles', () => {
  const { residentMb, handles } = sampleOf(process.pid, 0);
  assert.ok(Math.abs(residentMb - process.memoryUsage.rss() / 2 ** 20) < 32, `${residentMb}`);
  assert.ok(handles > 2);
});

soak.run();
