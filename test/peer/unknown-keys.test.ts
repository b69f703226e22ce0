import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answer, serviceError, verdict } from './cases.js';

const keys = suite('the comparison with grpc-gateway: unknown keys');

const create = (body: object | string) => ({
  rpc: 'CreateIdentity',
  method: 'POST',
  path: '/v1/identities',
  body,
});
const ID = { 'x-request-id': 'compare-1' };
const detail = (text: string) => answer(422, { detail: text }, ID);
const missing = serviceError(3, 'VALIDATION_FAILED', [
  { field: 'name', description: 'is required', reason: 'required' },
]);

keys('a contract that refuses them names them, and not what is missing', () => {
  const { reasons, unexplained } = verdict(
    'agents',
    create({ nope: 1 }),
    answer(400, missing),
    detail('nope is not a known field'),
  );
  assert.equal(unexplained, []);
  assert.ok(reasons.includes('unknown keys'));
});

keys('another text, another status and another name are each told', () => {
  const told = (ours: ReturnType<typeof answer>) =>
    verdict('agents', create({ nope: 1 }), answer(400, missing), ours).unexplained.length;
  assert.is(told(detail('name is required')), 1);
  assert.is(told(detail('nopes is not a known field')), 1);
  assert.is(told(answer(400, { detail: 'nope is not a known field' }, ID)), 1);
  assert.ok(told(answer(200, { id: 'x' }, ID)) > 1, 'taken as if nothing were wrong');
});

keys('one that is nested in what the peer has taken is named with its place', () => {
  const made = answer(200, { id: 'x' }, { 'grpc-metadata-etag': '"1"' });
  const body = { identifier_key: 'k', properties: [{ key: 'a' }, { key: 'b', nope: 1 }] };
  assert.equal(
    verdict('agents', create(body), made, detail('properties[1].nope is not a known field')).unexplained,
    [],
  );
});

keys('what is free of form may have any key', () => {
  const request = { ...create({ traits: { nope: 1 }, metadata_public: { nope: 1 } }) };
  const made = answer(200, { id: 'x' });
  assert.equal(verdict('admin', request, made, answer(201, { id: 'x' })).unexplained, []);
});

keys('a body that is no JSON, and a caller without access, are not answered by it', () => {
  const refused = answer(401, serviceError(16, 'UNAUTHENTICATED'));
  assert.not(verdict('agents', create({ nope: 1 }), refused, detail('x')).reasons.includes('unknown keys'));
  const cut = answer(400, { code: 3, message: 'unexpected EOF', details: [] });
  assert.not(verdict('agents', create('{"nope":'), cut, detail('x')).reasons.includes('unknown keys'));
});

keys('a contract that ignores them may not refuse them', () => {
  const request = { rpc: 'CreateProfile', method: 'POST', path: '/v1/profiles', body: { nope: 1 } };
  const errors = [{ field: 'nope', message: 'is not a known field' }];
  const ours = answer(400, { code: 400, message: 'Validation failed', errors }, ID);
  assert.ok(verdict('profiles', request, answer(200, { profileId: 'x' }), ours).unexplained.length > 0);
});

keys.run();
