// Beside others: it measures no time.
import { killUnder } from './kill-under.js';
import { overRest } from './over-rest.js';

killUnder(overRest);
