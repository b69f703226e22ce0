import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answer, serviceError, verdict } from './cases.js';

const errors = suite('the comparison with grpc-gateway: errors');

const ID = { 'x-request-id': 'compare-1' };
const violation = { field: 'include_credential[1]', description: 'must be one', reason: 'in' };
const request = { rpc: 'ListIdentities', method: 'GET', path: '/v1/identities?include_credential=x' };
const shown = (reason: string, status = 400) =>
  answer(
    status,
    {
      error: {
        code: 400,
        status: 'Bad Request',
        reason,
        message: 'The request was malformed or contained invalid parameters',
      },
    },
    ID,
  );
const peer = answer(400, serviceError(3, 'VALIDATION_FAILED', [violation]));

errors('a place in a list is written in brackets', () => {
  assert.equal(verdict('admin', request, peer, shown('include_credential[1] must be one')).unexplained, []);
  assert.is(verdict('admin', request, peer, shown('include_credential.1 must be one')).unexplained.length, 1);
});

errors('a status that the contract does not name is told', () => {
  const wrong = shown('include_credential[1] must be one', 422);
  assert.match(verdict('admin', request, peer, wrong).unexplained.join(), /^status: expected 400/);
});

errors('a declared difference is held to its status, and counted only where there is one', () => {
  const differs = { reason: 'list body', status: 422 } as const;
  const put = {
    rpc: 'UpsertIdentityProperties',
    method: 'PUT',
    path: '/v1/identities/x/properties',
    body: '',
  };
  const made = answer(200, { id: 'x' });
  const ask = (ours: ReturnType<typeof answer>) => verdict('agents', { ...put, differs }, made, ours);
  const refused = ask(answer(422, { detail: 'a list must be given' }, ID));
  assert.equal([refused.reasons, refused.unexplained], [['list body'], []]);
  assert.is(ask(answer(500, { detail: 'broken' }, ID)).unexplained.length, 1);
  assert.equal(ask(made), { reasons: [], unexplained: [] });
});

errors('tokens and ids of records apart are as good as equal, those of shared ones are not', () => {
  const one = { id: '01a1fd76-c0e3-7634-89be-3b98c3574044', sessionToken: 'facet_session_abc' };
  const two = { id: '01a1fd76-c0e3-7634-89be-3b98c3574045', sessionToken: 'facet_session_xyz-_1' };
  const post = { rpc: 'CreateSession', method: 'POST', path: '/v1/identities/x/sessions', body: {} };
  assert.equal(verdict('core', post, answer(200, one), answer(200, two)).unexplained, []);
  const read = { rpc: 'GetIdentity', method: 'GET', path: '/v1/identities/x' };
  assert.is(verdict('core', read, answer(200, one), answer(200, two)).unexplained.length, 2);
});

errors.run();
