// Beside others: it measures no time.
import { interleaved } from '../isolation/interleaved.js';
import { forEachApp } from '../support/for-each-app.js';
import { availableStores } from '../support/stores.js';

// The stores' own part is told apart at 2,000 calls; what is shared above them, at ten times as many.
forEachApp(
  'interleaving',
  {},
  (test, context) => interleaved(test, context, 20_000),
  availableStores().slice(0, 1),
);
