import { COLLECTIONS } from '../../collections.js';
import { StoreCorruptError } from '../../storage/errors.js';
import type { Inspection, Store } from '../../storage/store.js';
import { type Finding, failure, ok, warning } from './finding.js';

const LOOK_MS = 10_000;
/** Leases and deadlines of logins are compared between processes by the wall clock. */
const SKEW_MS = 2000;

/** The store, its indexes and its clock; `made` is false where there is nothing yet to look into. */
export async function checkStore(
  store: Store,
): Promise<{ readonly findings: readonly Finding[]; readonly made: boolean }> {
  const asked = performance.now();
  try {
    const found = await store.inspect(COLLECTIONS, { signal: AbortSignal.timeout(LOOK_MS) });
    const ms = Math.round(performance.now() - asked);
    return { findings: findingsOf(found, ms), made: found.made && found.damage.length === 0 };
  } catch (error) {
    return { findings: [unusable(store, error as Error)], made: false };
  }
}

function findingsOf(
  { engine, made, missingIndexes, clockAheadMs, damage }: Inspection,
  ms: number,
): Finding[] {
  const store = damage.map((line) => failure('store', `${engine} finds damage: ${line}`, 'restore a backup'));
  if (store.length === 0) store.push(ok('store', `${engine} was looked through in ${ms} ms`));
  return [
    ...store,
    made
      ? indexes(missingIndexes)
      : warning('indexes', 'nothing is there yet', 'start a service: it makes them'),
    ...(clockAheadMs === undefined ? [] : [clock(clockAheadMs)]),
  ];
}

function indexes(missing: readonly string[]): Finding {
  if (missing.length === 0) return ok('indexes', 'all are there');
  const text = `missing: ${missing.join('; ')}`;
  return failure('indexes', text, 'start a service of this version: it makes them');
}

function clock(aheadMs: number): Finding {
  const text = `this machine and the store differ by ${Math.abs(aheadMs)} ms`;
  return Math.abs(aheadMs) <= SKEW_MS
    ? ok('clock', text)
    : failure('clock', text, 'let both follow a time server (NTP)');
}

function unusable(store: Store, error: Error): Finding {
  const remedy =
    error instanceof StoreCorruptError
      ? 'restore a backup, or set another place'
      : store.name === 'mongo'
        ? 'start MongoDB, or correct MONGODB_URI'
        : 'correct FACET_DATA_DIR, or its permissions';
  return failure('store', [error.message, causeOf(error)].filter(Boolean).join(': '), remedy);
}

/** The driver's own words, without user and password where they quote the connection string. */
function causeOf({ cause }: Error): string {
  return cause instanceof Error ? cause.message.replace(/\/\/[^@\s/]*@/g, '//…@') : '';
}
