import { setImmediate } from 'node:timers/promises';

/** The names of what Node has warned of by the end of the work. */
export async function warningsDuring(work: () => unknown): Promise<string[]> {
  const names: string[] = [];
  const note = ({ name }: Error) => names.push(name);
  process.on('warning', note);
  try {
    await work();
    // Warnings come a tick late.
    await setImmediate();
  } finally {
    process.off('warning', note);
  }
  return names;
}
