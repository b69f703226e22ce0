import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeMask, keysMask, patchMask } from '../../../gateway/json/mask.js';
import { asJson, field, message, node, proto3, refused, strict, violations } from './sample.js';

const mask = suite('update masks');
const identity = message('Identity');
const patch = (body: string) => patchMask(identity, node(body), proto3);

// Recorded from grpc-gateway 2.30: body, paths.
const rows: [body: string, paths: string[]][] = [
  ['{"displayName":"x","address":{"cityName":"y"}}', ['address.city_name', 'display_name']],
  ['{"displayName":null,"address":null}', ['address', 'display_name']],
  ['{"display_name":"x","renamedField":"y"}', ['custom_json', 'display_name']],
  ['{"address":{"geo":{"lat":1},"street":null}}', ['address.geo.lat', 'address.street']],
  ['{"address":{}}', ['address']],
  ['{"address":{"geo":{}}}', ['address.geo']],
  ['{"attributes":{"a":{"b":1},"c":[1]}}', ['attributes.a.b', 'attributes.c']],
  ['{"attributes":{}}', []],
  ['{"attributes":null}', ['attributes']],
  ['{"tags":[],"labels":{"a":"b"},"otherAddresses":[{"street":"x"}]}', ['labels', 'other_addresses', 'tags']],
  ['{"createTime":"2024-01-02T03:04:05Z","nickname":"n","ttl":"1s"}', ['create_time', 'nickname', 'ttl']],
  ['{"phone":{"number":"1"}}', ['phone.number']],
  ['{}', ['']],
  ['', []],
  ['[]', []],
];

mask('of a PATCH is made of the leaves of the body, as grpc-gateway does', () => {
  for (const [body, paths] of rows) assert.equal(patch(body), paths, body);
});

mask('of a PATCH refuses unknown fields at any depth', () => {
  assert.equal(
    violations(() => patch('{"nope":1,"address":{"nada":2}}')),
    [' unknown', ' unknown'],
  );
  assert.is(refused(() => patch('{"nope":1}')).message, 'has no field "nope"');
  assert.is(violations(() => patchMask(identity, node('{"display_name":"x"}'), strict)).length, 1);
});

mask('of a PATCH takes many leaves, but not more than a mask may be long', () => {
  const many = Array.from({ length: 30_000 }, (_, i) => `"k${i}":1`).join(',');
  assert.is(patch(`{"attributes":{${many}}}`).length, 30_000);
  const error = refused(() => patch(`{"attributes":{"${'k'.repeat(100_000)}":{${many}}}}`));
  assert.is(error.violations[0]!.rule, 'range');
});

mask('by KEYS has every key present, in the order of the body', () => {
  const body = node('{"tags":null,"displayName":"x","nope":1,"address":{"street":"y"},"attributes":{}}');
  assert.equal(keysMask(identity, body, 'KEYS', strict), ['tags', 'display_name', 'address', 'attributes']);
});

mask('by VALUES leaves out what is null', () => {
  const body = node('{"tags":null,"displayName":"x","nickname":null,"labels":{}}');
  assert.equal(keysMask(identity, body, 'VALUES', strict), ['display_name', 'labels']);
});

mask('knows only the names that the body may use', () => {
  const body = node('{"display_name":"x","renamedField":"y"}');
  assert.equal(keysMask(identity, body, 'KEYS', strict), ['custom_json']);
  assert.equal(keysMask(identity, body, 'KEYS', { ...strict, names: 'proto' }), ['display_name']);
  assert.equal(keysMask(identity, body, 'KEYS', proto3), ['display_name', 'custom_json']);
});

mask('of an empty body, and of one that is no object, is empty', () => {
  for (const body of ['', '{}', '[]', '"x"'])
    assert.equal(keysMask(identity, node(body), 'KEYS', strict), []);
});

mask('is set in the request even where it is empty', () => {
  const request = message('UpdateIdentityRequest');
  const target = field('UpdateIdentityRequest', 'update_mask');
  assert.equal(asJson(request, encodeMask(target, [])), { updateMask: '' });
  assert.equal(asJson(request, encodeMask(target, ['display_name', 'address.geo'])), {
    updateMask: 'displayName,address.geo',
  });
  assert.is(Buffer.from(encodeMask(target, [''])).toString('hex'), '12020a00');
});

mask.run();
