import { forEachApp } from '../support/for-each-app.js';
import { availableStores } from '../support/stores.js';
import { sameEitherWay } from './same-either-way.js';

// The mapping knows no store.
forEachApp(
  'core over REST and gRPC',
  {},
  (test, context) => sameEitherWay(test, context, 100),
  availableStores().slice(0, 1),
);
