// How a process of tests says on its output that a file is done. No suite prints a record separator.
export const endOfFile = (passed) => `\n\u001e${passed ? 'passed' : 'failed'}\n`;
export const END_OF_FILE = /\n\u001e(passed|failed)\n/;
