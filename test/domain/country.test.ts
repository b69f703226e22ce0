import { iso31661 } from 'iso-3166';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countryCode, countryCodeOfNumber, countryOf } from '../../src/domain/country.js';
import { FacetError } from '../../src/domain/errors.js';

const country = suite('country');

country('all 249 countries are found by number and by letters, with a name', () => {
  assert.is(iso31661.length, 249);
  for (const { alpha2, alpha3, numeric } of iso31661) {
    assert.match(numeric, /^\d{3}$/);
    assert.is(countryCodeOfNumber(numeric, 'f'), alpha2);
    assert.is(countryCode(alpha2.toLowerCase(), 'f'), alpha2);
    const found = countryOf(alpha2)!;
    assert.equal([found.alpha2, found.alpha3, found.numeric], [alpha2, alpha3, numeric]);
    assert.ok(found.name.length > 2 && found.name !== alpha2, alpha2);
  }
});

country('a region is the one right above in UN M49', () => {
  for (const [number, name, region] of [
    ['840', 'United States', ['021', 'Northern America']],
    ['076', 'Brazil', ['005', 'South America']],
    ['036', 'Australia', ['053', 'Australia and New Zealand']],
    ['004', 'Afghanistan', ['034', 'Southern Asia']],
    ['826', 'United Kingdom', ['154', 'Northern Europe']],
    ['158', 'Taiwan', null],
    ['010', 'Antarctica', null],
  ] as const) {
    const found = countryOf(countryCodeOfNumber(number, 'f'))!;
    assert.is(found.name, name);
    assert.equal(found.region && [found.region.numeric, found.region.name], region);
  }
  const without = iso31661.filter(({ alpha2 }) => countryOf(alpha2)!.region === null);
  assert.equal(without.map(({ alpha2 }) => alpha2).sort(), ['AQ', 'TW']);
});

country('a code that is not assigned is refused by its field', () => {
  for (const attempt of [() => countryCodeOfNumber('999', 'f'), () => countryCode('XX', 'f')]) {
    assert.throws(
      attempt,
      (error: unknown) => error instanceof FacetError && error.violations[0]?.field === 'f',
    );
  }
});

country.run();
