import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contractPath } from '../../../gateway/names.js';
import { message } from '../json/sample.js';

const names = suite('contract paths');
const update = message('UpdateIdentityRequest');
const allTypes = message('AllTypes');

names("put the contract's names in place of the proto names, and numbers in place of indexes", () => {
  assert.equal(contractPath(update, 'identity.other_addresses[2].city_name', 'json'), [
    'identity',
    'otherAddresses',
    2,
    'cityName',
  ]);
  assert.equal(contractPath(update, 'identity.custom_json', 'json'), ['identity', 'renamedField']);
  assert.equal(contractPath(update, 'identity.other_addresses[2].city_name', 'proto'), [
    'identity',
    'other_addresses',
    2,
    'city_name',
  ]);
});

names('read map keys as protovalidate writes them', () => {
  assert.equal(contractPath(allTypes, 'map_string["a.b[0]\\"c"]', 'json'), ['mapString', 'a.b[0]"c']);
  assert.equal(contractPath(allTypes, 'map_nested[7].name', 'json'), ['mapNested', 7, 'name']);
});

names('keep what is not a field as it is', () => {
  assert.equal(contractPath(update, 'identity.attributes.some_key[0].x', 'json'), [
    'identity',
    'attributes',
    'some_key',
    0,
    'x',
  ]);
  assert.equal(contractPath(update, 'nope.display_name', 'json'), ['nope', 'display_name']);
  assert.equal(contractPath(update, '', 'json'), []);
});

names('never fail on odd text', () => {
  for (const path of ['[', ']', 'a[', 'a]b', '..', 'a..b', '["', 'a["x', '[]', 'a[ ]', '.', 'a\n.b']) {
    assert.ok(Array.isArray(contractPath(update, path, 'json')), path);
  }
});

names.run();
