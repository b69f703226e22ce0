import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { parseIdentityFilter } from '../../src/domain/identity-filter.js';
import { parseIdentityOrder } from '../../src/domain/identity-order.js';

const filter = suite('identity filter and order');

filter('no filter is no condition', () => {
  assert.equal(parseIdentityFilter(''), []);
  assert.equal(parseIdentityFilter('  '), []);
});

filter('comparisons are joined by AND, texts are folded', () => {
  assert.equal(parseIdentityFilter('family_name = "BYRON" AND name:ada AND state=ACTIVE'), [
    { field: 'familyName', equals: 'byron' },
    { field: 'name', contains: 'ada' },
    { field: 'state', equals: 'active' },
  ]);
});

filter('a country is compared in capitals, as it is kept', () => {
  assert.equal(parseIdentityFilter('country_code = de'), [{ field: 'countryCode', equals: 'DE' }]);
});

filter('a quoted value may hold quotes, AND and spaces', () => {
  assert.equal(parseIdentityFilter('name = "a \\"b\\" AND c"'), [{ field: 'name', equals: 'a "b" and c' }]);
});

filter('times are compared as instants', () => {
  assert.equal(parseIdentityFilter('update_time >= 2026-01-02T03:04:05+01:00'), [
    { field: 'updateTime', gte: '2026-01-02T02:04:05.000Z' },
  ]);
  assert.equal(parseIdentityFilter('update_time = 2026-01-02T03:04:05Z'), [
    { field: 'updateTime', equals: '2026-01-02T03:04:05.000Z' },
  ]);
  assert.equal(parseIdentityFilter('update_time < "2020-02-29T23:59:59.5Z"'), [
    { field: 'updateTime', lt: '2020-02-29T23:59:59.500Z' },
  ]);
});

for (const wrong of [
  'name',
  'name =',
  'name = a name = b',
  'name = a ANDname = b',
  'name = a AND',
  'name = a OR name = b',
  'nope = 1',
  'name > a',
  'state = SLEEPING',
  'state = constructor',
  'state : ACTIVE',
  'country_code : D',
  'update_time = yesterday',
  'update_time : 2020-01-01T00:00:00Z',
  'update_time = 2020-02-31T00:00:00Z',
  'update_time < 2020-13-01T00:00:00Z',
  'update_time < 2020-01-01T24:00:00Z',
  'update_time < 2020-01-01T00:00:00',
  'update_time < 2020-01-01T00:00:00+99:99',
  '$where = 1',
  '__proto__ = 1',
  'name = "open',
]) {
  filter(`refuses ${wrong}, naming the filter`, () => {
    try {
      parseIdentityFilter(wrong);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, FacetError);
      assert.is((error as FacetError).violations[0]?.field, 'filter');
    }
  });
}

filter('the order is newest first where none is asked', () => {
  assert.equal(parseIdentityOrder(''), { field: 'id', descending: true });
  assert.equal(parseIdentityOrder('create_time'), { field: 'id', descending: false });
  assert.equal(parseIdentityOrder('family_name desc'), { field: 'familyName', descending: true });
});

for (const wrong of ['nope', 'name sideways', 'name desc now', 'constructor', '__proto__']) {
  filter(`refuses the order ${wrong}`, () => {
    assert.throws(
      () => parseIdentityOrder(wrong),
      (error: FacetError) => error.violations[0]?.field === 'order_by',
    );
  });
}

filter.run();
