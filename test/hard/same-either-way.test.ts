// Beside others: it measures no time.
import { sameEitherWay } from '../core/same-either-way.js';
import { forEachApp } from '../support/for-each-app.js';
import { availableStores } from '../support/stores.js';

forEachApp(
  'core over REST and gRPC',
  {},
  (test, context) => sameEitherWay(test, context, 500),
  availableStores().slice(0, 1),
);
