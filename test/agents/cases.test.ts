import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type RestAnswer, restAs } from '../support/rest.js';
import { ALL_CASES } from './cases/all.js';
import { ADA, type Expected } from './cases/case.js';
import { CREATE_CASES } from './cases/create.js';
import { ONE_CASES } from './cases/one.js';

/** The case that is about keys; it has a test of its own below. */
const KEYS = 64;
const LAST = 67;
const BASE = '/v1/identities';
const cases = [...CREATE_CASES, ...ONE_CASES, ...ALL_CASES].sort((a, b) => a.number - b.number);

/** Every key that an identity is answered with. */
const MEMBERS = [
  'agent_ids',
  'block_ids',
  'id',
  'identifier_key',
  'identity_type',
  'name',
  'organization_id',
  'project_id',
  'properties',
];

forEachApp('agents cases', {}, (test, context) => {
  test(`the tables have each case from 1 to ${LAST} once`, () => {
    const numbers = [...cases.map(({ number }) => number), KEYS].sort((a, b) => a - b);
    assert.equal(
      numbers,
      Array.from({ length: LAST }, (_, at) => at + 1),
    );
  });

  for (const { number, title, given = [], steps } of cases) {
    test(`${number}: ${title}`, async () => {
      const { app } = context();
      const rest = restAs(app.rest, await app.key(`case-${number}`, 'agents'));
      const ids: string[] = [];
      for (const each of given) {
        const { status, body } = await rest('POST', `${BASE}/`, each);
        assert.is(status, 200);
        ids.push(body.id);
      }
      const filled = (text: string) => text.replace(/\$(\d)/g, (_, at) => ids[at - 1]!);
      for (const [method, path, body, expected] of steps) {
        const before = await rest('GET', `${BASE}/?limit=1000`);
        const answer = await rest(method, BASE + filled(path), body === null ? 'null' : body);
        check(answer, JSON.parse(filled(JSON.stringify(expected))), expected);
        if (answer.status >= 400)
          assert.equal((await rest('GET', `${BASE}/?limit=1000`)).body, before.body, 'something was changed');
      }
    });
  }

  test(`${KEYS}: without a key that is valid everything is 401`, async () => {
    const { app } = context();
    for (const key of [`facet_agents_${'A'.repeat(43)}`, 'facet_agents_']) {
      for (const [method, path] of [
        ['GET', '/'],
        ['POST', '/'],
        ['PUT', '/'],
        ['GET', '/count'],
      ] as const) {
        const answer = await restAs(app.rest, key)(method, BASE + path, method === 'GET' ? undefined : ADA);
        assert.equal([answer.status, answer.body], [401, { detail: 'Unauthorized' }]);
        assert.is(answer.headers.get('www-authenticate'), 'Bearer');
      }
    }
    const answer = await fetch(`${app.rest}/api/agents/v1/identities/`);
    assert.equal([answer.status, await answer.json()], [401, { detail: 'Unauthorized' }]);
  });
});

/** @param told as expected, before ids were put in: JSON has no patterns */
function check({ status, headers, body }: RestAnswer, expected: Expected, told: Expected): void {
  assert.is(status, expected.status, JSON.stringify(body));
  if (expected.status >= 400) assert.equal(Object.keys(body), ['detail']);
  if ('is' in expected) assert.equal(body, expected.is);
  if (expected.keys !== undefined)
    assert.equal(
      body.map((each: typeof ADA) => each.identifier_key),
      expected.keys,
    );
  for (const [name, value] of Object.entries(expected.has ?? {})) assert.equal(body[name], value, name);
  if (expected.has !== undefined) {
    assert.equal(Object.keys(body).sort(), MEMBERS);
    assert.match(body.id, /^identity-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  }
  if (told.detail instanceof RegExp) assert.match(body.detail, told.detail);
  else if (told.detail !== undefined) assert.is(body.detail, told.detail);
  if (told.untold !== undefined) assert.not.match(body.detail, told.untold);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    assert.is(headers.get(name), value, name);
}
