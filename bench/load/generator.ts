// The load generator, a process of its own: takes jobs from its parent one at a time, and ends with it.
import type { LoadJob } from './job.js';
import { runJob } from './run-job.js';

process.on('disconnect', () => process.exit());
process.on('message', (job: LoadJob) => {
  runJob(job).then(
    (result) => process.send!({ result }),
    (error: Error) => process.send!({ error: error.message }),
  );
});
process.send!({ result: 'ready' });
