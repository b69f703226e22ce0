import { availableStores } from '../support/stores.js';
import { thrownAnywhere } from './thrown-anywhere.js';

// Nothing of it differs by the store, nor by the way in: the whole is among what takes long.
thrownAnywhere({ stores: availableStores().slice(0, 1), which: ({ http }) => http === undefined });
