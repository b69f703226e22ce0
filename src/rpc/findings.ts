import type { Violation } from '../domain/errors.js';

/** Where in a request something is: a chain from the place up, turned into a path only when one is reported. */
export interface Place {
  readonly within: Place | undefined;
  /** The name of a field. */
  readonly field?: string;
  readonly index?: number;
  /** A key of a map or of free-form JSON, as UTF-8. */
  readonly key?: Uint8Array;
}

/** What a request may hold at most of faults before the rest is not looked for. */
const MOST_VIOLATIONS = 100;
const LONGEST_KEY_SHOWN = 64;
const PROTO_KEY = Buffer.from('__proto__');

/** Gathers what is wrong with a request. */
export interface Findings {
  readonly violations: readonly Violation[];
  report(place: Place, description: string, rule: string): void;
  /** Text may not hold NUL, which stores cut it at. */
  checkText(place: Place, utf8: Uint8Array): void;
  /** A key may not be `__proto__`, which objects drop, nor hold NUL. */
  checkKey(place: Place, utf8: Uint8Array): void;
}

export function createFindings(): Findings {
  const violations: Violation[] = [];
  const report: Findings['report'] = (place, description, rule) => {
    if (violations.length < MOST_VIOLATIONS) violations.push({ field: pathOf(place), description, rule });
  };
  const checkText: Findings['checkText'] = (place, utf8) => {
    if (utf8.includes(0)) report(place, 'must not hold the character U+0000', 'string.no_nul');
  };
  return {
    violations,
    report,
    checkText,
    checkKey(place, utf8) {
      checkText(place, utf8);
      if (PROTO_KEY.equals(utf8)) report(place, 'must not be the key "__proto__"', 'free_form.key');
    },
  };
}

/** As in `identity.contacts[2].value` and `identity.traits["email"]`; long keys are cut. */
export function pathOf(place: Place): string {
  const before = place.within === undefined ? '' : pathOf(place.within);
  if (place.index !== undefined) return `${before}[${place.index}]`;
  if (place.field !== undefined) return before === '' ? place.field : `${before}.${place.field}`;
  return `${before}[${JSON.stringify(
    Buffer.from(place.key ?? [])
      .toString()
      .slice(0, LONGEST_KEY_SHOWN),
  )}]`;
}
