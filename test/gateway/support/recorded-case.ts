import { readFileSync } from 'node:fs';
import { root } from '../../support/root.js';

/** A request that was sent to the Go gateway in front of the sample service, and what came back. */
export interface RecordedCase {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Text; `BIN:<hex>` is bytes, `GEN:<key>:<n>` an object with a string of n characters. */
  readonly body?: string;
  /** What kind of exchange it is; one request and one answer where absent. */
  readonly kind?: 'raw' | 'stream' | 'deadline' | 'disconnect' | 'disconnect-unary';
  /** How much of the answer is compared; all of it where absent. */
  readonly cmp?: 'code' | 'status' | 'free';
  /** The members of the answer that are compared instead of the whole. */
  readonly pick?: readonly string[];
  readonly expected: Observation;
}

/** What was seen of an answer. Times and what every server chooses for itself are left out. */
export interface Observation {
  status?: number | undefined;
  headers?: Record<string, string | string[]>;
  json?: unknown;
  text?: string;
  ndjson?: unknown[];
  trailing_newline?: boolean;
  empty?: boolean;
  long_text_bytes?: number;
  starts?: string;
  trailers?: Record<string, string | string[]>;
  /** The request that the service got, as it said itself. */
  received?: unknown;
  picked?: Record<string, unknown>;
  deadline_ok?: boolean;
  cancelled_on_server?: number;
  chunks_spread_ms?: number;
  connection_cut?: boolean;
}

export const recordedCases: readonly RecordedCase[] = JSON.parse(
  readFileSync(`${root}/test/gateway/fixtures/cases.json`, 'utf8'),
);
