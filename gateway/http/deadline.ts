import { Code } from '../errors/codes.js';
import { GatewayError } from '../errors/failure.js';

const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/**
 * Reads a Grpc-Timeout header ("10S", "50m") as milliseconds since the epoch; undefined for none and for zero.
 * Throws a GatewayError: INVALID_ARGUMENT where it is malformed, DEADLINE_EXCEEDED where it is negative.
 */
export function readDeadline(timeout: string | undefined, now: number): number | undefined {
  if (timeout === undefined || timeout === '') return undefined;
  const [, digits, unit] = /^([+-]?\d{1,19})([HMSmun])$/.exec(timeout) ?? [];
  // Go reads the number as an int64.
  if (digits === undefined || unit === undefined || Math.abs(Number(digits)) >= 2 ** 63) {
    throw new GatewayError({ code: Code.INVALID_ARGUMENT, message: `invalid grpc-timeout: ${timeout}` });
  }
  const milliseconds = Number(digits) * (units[unit] as number);
  if (milliseconds < 0)
    throw new GatewayError({ code: Code.DEADLINE_EXCEEDED, message: 'context deadline exceeded' });
  return milliseconds === 0 ? undefined : now + milliseconds;
}
