// Beside others: it measures no time.
import { thrownAnywhere } from '../fault/thrown-anywhere.js';
import { availableStores } from '../support/stores.js';

thrownAnywhere({ stores: availableStores(), which: () => true });
