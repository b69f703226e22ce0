// Beside others: it measures no time.

import { contendedRecords } from './contended-records.js';
import { killUnder } from './kill-under.js';

killUnder(contendedRecords);
