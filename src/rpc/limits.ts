import type { InFlightLimits } from './in-flight.js';

/** What the pipeline lets in and out. Times are in milliseconds, sizes in bytes. */
export interface Limits {
  /** The deadline of a unary call whose caller set none. */
  readonly defaultDeadlineMs: number;
  /** The longest deadline of a unary call; a later one is brought forward. */
  readonly longestDeadlineMs: number;
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly unary: InFlightLimits;
  readonly streams: InFlightLimits;
  /** Calls that need no key, as health checks: apart, so that they are answered while all else is full. */
  readonly open: { readonly unary: number; readonly streams: number };
}

export const DEFAULT_LIMITS: Limits = {
  defaultDeadlineMs: 30_000,
  longestDeadlineMs: 300_000,
  requestBytes: 1 << 20,
  answerBytes: 32 << 20,
  unary: { total: 1024, perTenant: 256 },
  streams: { total: 2048, perTenant: 512 },
  open: { unary: 256, streams: 1024 },
};
