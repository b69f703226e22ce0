/** Begins to count; the function gives the milliseconds of processor time that this process has taken since. */
export function processorTime(): () => number {
  // A clock on the wall would count what other processes do meanwhile.
  const begin = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
}
