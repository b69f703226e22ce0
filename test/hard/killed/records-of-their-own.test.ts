// Beside others: it measures no time.
import { killUnder } from './kill-under.js';
import { recordsOfTheirOwn } from './records-of-their-own.js';

killUnder(recordsOfTheirOwn);
