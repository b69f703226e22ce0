import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, type RestAnswer, restAs } from '../support/rest.js';
import { ADA } from './cases/case.js';

const BASE = '/v1/identities/';
const RACERS = 50;

const statuses = (answers: readonly RestAnswer[]) =>
  Object.fromEntries(
    [...new Set(answers.map(({ status }) => status))]
      .sort()
      .map((status) => [status, answers.filter((each) => each.status === status).length]),
  );
const race = (run: (n: number) => Promise<RestAnswer>) =>
  Promise.all(Array.from({ length: RACERS }, (_, n) => run(n)));

forEachApp('agents races', {}, (test, context) => {
  let tenants = 0;
  const begin = async (): Promise<Rest> => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key(`race-${tenants++}`, 'agents'));
    // What a first call has to make ready is no part of the race.
    await rest('GET', BASE);
    return rest;
  };

  test('50 upserts of one new key make one identity, and each is answered it', async () => {
    const rest = await begin();
    const answers = await race((n) => rest('PUT', BASE, { ...ADA, name: `N${n}` }));
    assert.equal(statuses(answers), { 200: RACERS });
    assert.is(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal(
      new Set(answers.map(({ body }) => body.name)).size,
      RACERS,
      'each is answered its own write',
    );
    assert.is((await rest('GET', `${BASE}count`)).body, 1);
  });

  test('50 upserts of one key in ten projects make ten', async () => {
    const rest = await begin();
    const answers = await race((n) => rest('PUT', BASE, { ...ADA, project_id: `p${n % 10}` }));
    assert.equal(statuses(answers), { 200: RACERS });
    assert.is((await rest('GET', `${BASE}count`)).body, 10);
  });

  test('of 50 creates with one key one wins, and upserts among them never fail', async () => {
    const rest = await begin();
    const answers = await race((n) => rest(n % 2 === 0 ? 'POST' : 'PUT', BASE, ADA));
    const creates = answers.filter((_, n) => n % 2 === 0);
    assert.equal(statuses(answers.filter((_, n) => n % 2 === 1)), { 200: RACERS / 2 });
    assert.ok(creates.filter(({ status }) => status === 200).length <= 1);
    assert.ok(creates.every(({ status }) => status === 200 || status === 409));
    assert.is((await rest('GET', `${BASE}count`)).body, 1);
  });

  test('upserts go on while what they make is deleted and given other keys', async () => {
    const rest = await begin();
    const answers = await race(async (n) => {
      const answer = await rest('PUT', BASE, ADA);
      if (answer.status !== 200) return answer;
      const path = BASE + answer.body.id;
      const after =
        n % 2 === 0
          ? await rest('DELETE', path)
          : await rest('PATCH', path, { identifier_key: `other-${n}` });
      assert.ok(after.status === 200 || after.status === 404, JSON.stringify(after.body));
      return answer;
    });
    assert.equal(statuses(answers), { 200: RACERS });
    assert.ok(answers.every(({ body }) => body.identifier_key === ADA.identifier_key));
    const keys = (await rest('GET', `${BASE}?limit=1000`)).body.map(
      (each: typeof ADA) => each.identifier_key,
    );
    assert.is(new Set(keys).size, keys.length);
  });

  test('50 properties that are merged at once are all there', async () => {
    const rest = await begin();
    const { id } = (await rest('POST', BASE, ADA)).body;
    const properties = (n: number) => [{ key: `k${n}`, type: 'number', value: n }];
    const answers = await race((n) => rest('PATCH', BASE + id, { properties: properties(n) }));
    assert.equal(statuses(answers), { 200: RACERS });
    const kept: { key: string; value: number }[] = (await rest('GET', BASE + id)).body.properties;
    assert.equal(
      kept.map(({ value }) => value).sort((a, b) => a - b),
      [...Array(RACERS).keys()],
    );
  });

  test('of 50 identities that take one key at once one gets it', async () => {
    const rest = await begin();
    const made = await race((n) => rest('POST', BASE, { ...ADA, identifier_key: `k${n}` }));
    const answers = await race((n) => rest('PATCH', BASE + made[n]!.body.id, { identifier_key: 'ada' }));
    assert.equal(statuses(answers), { 200: 1, 409: RACERS - 1 });
    assert.is((await rest('GET', `${BASE}?identifier_key=ada`)).body.length, 1);
  });

  test('an upsert depends on the etag that it names, and creates none where it names one', async () => {
    const rest = await begin();
    assert.is((await rest('PUT', BASE, ADA, { 'if-match': '*' })).status, 412);
    const etag = (await rest('PUT', BASE, ADA)).headers.get('etag')!;
    assert.is((await rest('PUT', BASE, { ...ADA, name: 'B' }, { 'if-match': etag })).status, 200);
    assert.is((await rest('PUT', BASE, { ...ADA, name: 'C' }, { 'if-match': etag })).status, 412);
    assert.is((await rest('GET', `${BASE}?identifier_key=ada`)).body[0].name, 'B');
  });

  test('a create that is repeated under one Idempotency-Key is made once', async () => {
    const rest = await begin();
    const header = { 'idempotency-key': 'once' };
    const answers = await race(() => rest('POST', BASE, ADA, header));
    assert.equal(statuses(answers), { 200: RACERS });
    assert.is(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.is((await rest('POST', BASE, { ...ADA, name: 'B' }, header)).status, 422);
  });
});
