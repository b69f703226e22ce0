import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { restAs } from '../support/rest.js';
import { ADA } from './cases/case.js';

const BASE = '/v1/identities/';
const link = (n: number) => `agent-0d2b1b5e-5f0c-4c5e-9a51-${String(n).padStart(12, '0')}`;

forEachApp('agents limits', {}, (test, context) => {
  test('a page is 50 long where nothing is said, and never longer than 1000', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('limits', 'agents'));
    const agent_ids = Array.from({ length: 1100 }, (_, n) => link(n));
    const { id } = (await rest('POST', BASE, { ...ADA, agent_ids })).body;
    const length = async (query: string) => (await rest('GET', `${BASE}${id}/agents${query}`)).body.length;
    assert.equal(
      [await length(''), await length('?limit='), await length('?limit=1000'), await length('?limit=100000')],
      [50, 50, 1000, 1000],
    );
  });

  test('links beyond 10,000 are refused', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('links', 'agents'));
    const agent_ids = Array.from({ length: 10_001 }, (_, n) => link(n));
    const refused = await rest('POST', BASE, { ...ADA, agent_ids });
    assert.is(refused.status, 422);
    assert.match(refused.body.detail, /^agent_ids .*10000/);
    assert.is((await rest('POST', BASE, { ...ADA, agent_ids: agent_ids.slice(1) })).status, 200);
  });
});
