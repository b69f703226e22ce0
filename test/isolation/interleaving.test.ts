import { forEachApp } from '../support/for-each-app.js';
import { interleaved } from './interleaved.js';

forEachApp('interleaving', {}, (test, context) => interleaved(test, context, 2_000));
