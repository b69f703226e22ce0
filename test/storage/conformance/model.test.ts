import { forEachStore } from '../../support/stores.js';
import { likeAModel } from './model.js';
import { things } from './things.js';

forEachStore('model', [things], (test, ctx) => {
  likeAModel(test, ctx, { oneByOne: 25, atOnce: 15, steps: { minLength: 10, maxLength: 40 } });
});
