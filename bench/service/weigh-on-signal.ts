// Loaded into a process that is measured: told by SIGUSR2, it says how many bytes it uses once its garbage is gone.
process.on('SIGUSR2', () => {
  // What finalizers let go of takes a second round.
  for (let round = 0; round < 2; round++) (globalThis as { gc?: () => void }).gc!();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`weighed ${heapUsed + external}\n`);
});
