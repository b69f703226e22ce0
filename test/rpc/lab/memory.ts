import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Node gives the collector out only when asked to.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of the heap that are in use once what nobody holds is gone. */
export function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
