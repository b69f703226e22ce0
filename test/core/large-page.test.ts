import * as assert from 'uvu/assert';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { restAs } from '../support/rest.js';

const IDENTITIES = 8;
/** In protobuf each takes eleven bytes, in what is kept two. */
const NUMBERS = 60_000;

forEachApp('a page that is longer in protobuf than as it is kept', {}, (test, context) => {
  test('stays below what a gRPC client receives, and the next one goes on', async () => {
    const { app } = context();
    const agents = await app.key('wide', 'agents');
    const made = new Set<string>();
    for (let n = 0; n < IDENTITIES; n++) {
      const { status, body } = await restAs(app.rest, agents)('POST', '/v1/identities/', {
        identifier_key: `wide-${n}`,
        name: 'Wide',
        identity_type: 'user',
        properties: [{ key: 'numbers', type: 'json', value: { list: Array(NUMBERS).fill(1) } }],
      });
      assert.is(status, 200, JSON.stringify(body).slice(0, 200));
      made.add(body.id.replace(/^identity-/, ''));
    }
    const identities = grpcClient(IdentityServiceDefinition, app.grpc, await app.key('wide', 'core'));
    const seen: string[] = [];
    let pages = 0;
    for (let pageToken = ''; pages === 0 || pageToken !== ''; pages++) {
      const page = await identities.listIdentities({ pageSize: 500, pageToken });
      seen.push(...page.identities.map(({ id }) => id));
      pageToken = page.nextPageToken;
    }
    identities.close();
    assert.equal(new Set(seen), made);
    assert.is(seen.length, IDENTITIES);
    assert.ok(pages > 1);
  });
});
