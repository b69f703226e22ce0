// Runs test files one after another in this process: `node suites-process.mjs <compiled file> …`. A line of its own
// says when a file is done; what was printed before it belongs to that file.
import { pathToFileURL } from 'node:url';
import { endOfFile } from './end-of-file.mjs';

// The suites of a file wait for `exec` instead of starting by themselves.
globalThis.UVU_DEFER = true;
const { exec } = await import('uvu');

for (const file of process.argv.slice(2)) {
  globalThis.UVU_QUEUE.splice(0, Number.POSITIVE_INFINITY, [null]);
  await import(pathToFileURL(file).href);
  await exec();
  process.stdout.write(endOfFile(process.exitCode === 0));
  // From here on it tells what goes wrong outside of the suites.
  process.exitCode = 0;
}
