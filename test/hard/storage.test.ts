// Beside others: the suites do not measure time, and have databases of their own.
import { contended } from '../storage/conformance/contended.js';
import { likeAModel } from '../storage/conformance/model.js';
import { things } from '../storage/conformance/things.js';
import { walkedUnderWrites } from '../storage/conformance/walked-under-writes.js';
import { forEachStore } from '../support/stores.js';

/** 10,000 operations in all. */
const MODEL = { oneByOne: 125, atOnce: 125, steps: { minLength: 40, maxLength: 40 } };

forEachStore('conformance at full size', [things], (test, ctx) => {
  contended(test, ctx, { claims: 200, revisions: 100 });
  likeAModel(test, ctx, MODEL);
  walkedUnderWrites(test, ctx, { held: 5_000, inserted: 1_000, removed: 500, page: 100 });
});
