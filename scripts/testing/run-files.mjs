import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { END_OF_FILE } from './end-of-file.mjs';

const program = fileURLToPath(new URL('suites-process.mjs', import.meta.url));

/**
 * Runs compiled test files in one process, and tells how each went: `{ file, passed, output, seconds }`. A file has
 * failed, too, that takes longer than `timeoutMs`, ends the process or keeps it from ending; those after it run in
 * another process.
 */
export async function runFiles(files, { env, timeoutMs }, tell) {
  for (let left = files; left.length > 0; ) left = await runInOne(left, { env, timeoutMs }, tell);
}

/** The files that were not reached. */
function runInOne(files, { env, timeoutMs }, tell) {
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...files], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const left = [...files];
  let output = '';
  let started = Date.now();
  let timer;

  const restartTimer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      output += `\nkilled after ${timeoutMs / 1000} s\n`;
      child.kill('SIGKILL');
    }, timeoutMs);
  };
  const done = (passed, text) => {
    tell({ file: left.shift(), passed, output: text, seconds: (Date.now() - started) / 1000 });
    started = Date.now();
    restartTimer();
  };
  const read = (chunk) => {
    output += chunk;
    // The last one is done when the process has ended well.
    while (left.length > 1 && END_OF_FILE.test(output)) {
      const [text, verdict, rest] = splitOnce(output);
      output = rest;
      done(verdict === 'passed', text);
    }
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
  restartTimer();
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const [text, verdict, rest] = END_OF_FILE.test(output) ? splitOnce(output) : [output, 'ended', ''];
      const how = verdict === 'ended' || code !== 0 ? `\nthe process ended with ${code ?? signal}\n` : '';
      done(verdict === 'passed' && code === 0, text + rest + how);
      clearTimeout(timer);
      resolve(left);
    });
  });
}

/** What comes before the end of a file, how it ended, and what comes after. */
function splitOnce(output) {
  const { index, 0: line, 1: verdict } = END_OF_FILE.exec(output);
  return [output.slice(0, index), verdict, output.slice(index + line.length)];
}
