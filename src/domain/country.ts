import { iso31661 } from 'iso-3166';
import { invalid } from './errors.js';

const ALPHA2: ReadonlySet<string> = new Set(iso31661.map((country) => country.alpha2));

/** The upper-case form of an ISO 3166-1 alpha-2 code. Throws INVALID_INPUT at `field` for a code that is not assigned. */
export function countryCode(code: string, field: string): string {
  const upper = code.toUpperCase();
  if (!ALPHA2.has(upper)) {
    throw invalid({
      field,
      description: 'must be an assigned ISO 3166-1 alpha-2 code',
      rule: 'country_code',
    });
  }
  return upper;
}
