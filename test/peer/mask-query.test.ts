import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failsByMask, maskQuery, withoutUnknownKeys } from '../../bench/peer/mask-query.js';
import { answer, contractOf } from './cases.js';

const masks = suite('the comparison with grpc-gateway: masks');

const update = (rpc: string, body: object | string, path = '/v1/profiles/x') => ({
  title: 'an update',
  rpc,
  method: 'PATCH',
  path,
  body,
});
const refusal = (message: string) => answer(400, { code: 3, message, details: [] });
const NO_FIELD = refusal('could not find field "nope" in "facet.profiles.v1.ProfileChange"');

masks('the peer is told the keys of the body, by their names in the proto', () => {
  const profiles = contractOf('profiles');
  const ask = (body: object | string, path?: string) =>
    maskQuery(update('UpdateProfile', body, path), profiles);
  assert.is(ask({ firstName: 'A', lastName: null }), '?update_mask=first_name,last_name');
  assert.is(ask('{"firstName":"A","nope":1}', '/v1/profiles/x?a=b'), '&update_mask=first_name');
  assert.is(ask({ nope: 1 }), '');
  assert.is(ask('{"firstName":'), '');
  assert.is(ask([]), '');
});

masks('it is asked again where only an ignored key has kept it from making one', () => {
  const profiles = contractOf('profiles');
  assert.ok(failsByMask(NO_FIELD, update('UpdateProfile', { nope: 1 }), profiles));
  assert.not(failsByMask(NO_FIELD, update('UpdateProfile', { firstName: 'A' }), profiles));
  assert.not(failsByMask(refusal('unexpected EOF'), update('UpdateProfile', { nope: 1 }), profiles));
  assert.not(failsByMask(answer(200, {}), update('UpdateProfile', { nope: 1 }), profiles));
});

masks('it is not where the contract refuses such keys, or speaks as the peer does', () => {
  const body = { nope: 1 };
  assert.not(failsByMask(NO_FIELD, update('UpdateIdentity', body), contractOf('admin')));
  assert.not(failsByMask(NO_FIELD, update('UpdateIdentity', body), contractOf('core')));
});

masks('what it then gets has all keys but those', () => {
  const request = update('UpdateProfile', '{"firstName":null,"nope":{"a":1}}');
  assert.equal(withoutUnknownKeys(request, contractOf('profiles')), { firstName: null });
});

masks.run();
