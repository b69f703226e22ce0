import { invalid } from '../errors.js';

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a patch may do in all: values copied and compared. Small patches can ask for much. */
export interface Work {
  left: number;
}

const MOST_WORK = 200_000;
/** Below what any part of a record may have, so that nothing here runs out of stack. */
const DEEPEST = 64;

export function newWork(): Work {
  return { left: MOST_WORK };
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same value again, nothing of it shared. Throws INVALID_INPUT at `field` where it is too much. */
export function copyOf(value: Json, work: Work, field: string, level = 0): Json {
  spend(work, field, level);
  if (Array.isArray(value)) return value.map((item) => copyOf(item, work, field, level + 1));
  if (!isObject(value)) return value;
  const copy: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) copy[key] = copyOf(member, work, field, level + 1);
  return copy;
}

/** Whether two values are the same by RFC 6902 4.6: objects whatever the order of their members. */
export function isSame(one: Json, other: Json, work: Work, field: string, level = 0): boolean {
  spend(work, field, level);
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, at) => isSame(item, other[at]!, work, field, level + 1));
  }
  if (!isObject(one)) return one === other;
  if (!isObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key]!, other[key]!, work, field, level + 1))
  );
}

function spend(work: Work, field: string, level: number): void {
  work.left--;
  if (work.left < 0)
    throw invalid({ field, description: 'is more than one patch may do', rule: 'patch.work' });
  if (level > DEEPEST) throw invalid({ field, description: 'goes too deep', rule: 'patch.depth' });
}
