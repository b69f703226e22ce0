import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answer, verdict } from './cases.js';

const links = suite('the comparison with grpc-gateway: links');

const list = (path: string) => ({ rpc: 'ListIdentities', method: 'GET', path });
const LINK = { 'grpc-metadata-link': '<?page_size=3>; rel="first", <?page_token=t>; rel="next"' };
const first = (path: string) => `<${path}?page_size=3>; rel="first", <${path}?page_token=t>; rel="next"`;

links('all targets of a link are those of the path that was asked for', () => {
  for (const [asked, path] of [
    ['/v1/identities?page_size=3', '/v1/identities'],
    ['/v1/identities/', '/v1/identities'],
    ['/%76%31/identities', '/%76%31/identities'],
    ['/admin/identities?page_size=3&nope=/x', '/admin/identities'],
  ] as const) {
    const ours = answer(200, [], { link: first(`/api/admin${path}`) });
    const { reasons, unexplained } = verdict('admin', list(asked), answer(200, [], LINK), ours);
    assert.equal(unexplained, [], asked);
    assert.ok(reasons.includes('links'));
  }
});

links('a link that is another, or none, is told', () => {
  const ask = (headers: Record<string, string>) =>
    verdict('admin', list('/v1/identities'), answer(200, [], LINK), answer(200, [], headers)).unexplained;
  assert.is(ask({}).length, 1);
  assert.is(ask({ link: first('/v1/identities') }).length, 1, 'without the prefix');
  assert.is(ask({ link: first('/api/admin/v1/identities').replace('page_size=3', '') }).length, 1);
});

links('the location of what was made is below the path, whatever its id', () => {
  const id = '01a1fd76-c0e3-7634-89be-3b98c3574044';
  const other = '01a1fd76-c0e3-7634-89be-3b98c3574045';
  const request = { rpc: 'CreateIdentity', method: 'POST', path: '/v1/identities', body: { traits: {} } };
  const made = answer(200, { id }, { 'grpc-metadata-location': `identities/${id}` });
  const ask = (location: string) =>
    verdict('admin', request, made, answer(201, { id: other }, { location })).unexplained;
  assert.equal(ask(`/api/admin/v1/identities/${other}`), []);
  assert.is(ask(`identities/${other}`).length, 1);
  assert.is(ask(`/api/admin/v1/${other}`).length, 1);
});

links.run();
