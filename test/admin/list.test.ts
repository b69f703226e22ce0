import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type AdminRest, adminRest, linked } from './rest.js';

const HEADER_LIMIT = 4096;

forEachApp('admin lists', {}, (test, context) => {
  let admin: AdminRest;
  let made: string[];
  const idsOf = (body: { id: string }[]) => body.map(({ id }) => id);
  /** Every page from a path on, by the links; each must be small and no longer than asked. */
  const walk = async (rest: AdminRest['rest'], path: string, size: number, between = async () => {}) => {
    const seen: string[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const page = await rest('GET', next);
      assert.is(page.status, 200, JSON.stringify(page.body));
      assert.ok(page.body.length <= size);
      assert.ok(page.headers.get('link')!.length < HEADER_LIMIT, page.headers.get('link')!);
      seen.push(...idsOf(page.body));
      next = linked(page, 'next');
      await between();
    }
    return seen;
  };

  test.before(async () => {
    admin = await adminRest(context().app, 'lists');
    made = [];
    for (let n = 0; n < 60; n++) made.push((await admin.create({ email: `n${n}@example.com` })).id);
  });

  test('oldest first, without credentials unless they are asked for', async () => {
    const { body, headers } = await admin.rest('GET', '/admin/identities');
    assert.equal(idsOf(body), made);
    assert.is('credentials' in body[0], false);
    assert.is(headers.get('link'), '</admin/identities?page_size=250>; rel="first"');
    for (const query of ['include_credential=oidc', 'credentials_identifier=n7@example.com'])
      assert.ok('credentials' in (await admin.rest('GET', `/admin/identities?${query}`)).body[0], query);
  });

  test('links stay in the path family, and keep the filters', async () => {
    for (const family of ['/v1', '/admin', '/api/admin/v1']) {
      const query = 'page_size=1&consistency=eventual&include_credential=password&include_credential=totp';
      const page = await admin.rest('GET', `${family}/identities?${query}`);
      const next = linked(page, 'next')!;
      assert.ok(next.startsWith(`${family}/identities?${query}&page_token=`), next);
      assert.is(linked(page, 'first'), `${family}/identities?${query}`);
      assert.equal(idsOf((await admin.rest('GET', next)).body), [made[1]]);
    }
  });

  for (const [size, status, count] of [
    ['501', 200, 60],
    ['0', 200, 60],
    ['', 200, 60],
    ['7', 200, 7],
    ['-1', 400, 0],
    ['abc', 400, 0],
    ['99999999999', 400, 0],
  ] as const) {
    test(`page_size=${size} is ${status}`, async () => {
      const answer = await admin.rest('GET', `/admin/identities?page_size=${size}`);
      assert.is(answer.status, status);
      if (status === 200) assert.is(answer.body.length, count);
      else assert.match(answer.body.error.reason, 'page_size');
    });
  }

  test('page_size beyond 500 counts as 500', async () => {
    const { headers } = await admin.rest('GET', '/admin/identities?page_size=100000');
    assert.match(headers.get('link')!, 'page_size=500>');
  });

  for (const [query, named] of [
    ['consistency=maybe', 'consistency'],
    ['ids=not-a-uuid', 'ids[0]'],
    [`ids=${randomUUID()}&ids=7`, 'ids[1]'],
    [Array.from({ length: 501 }, () => `ids=${randomUUID()}`).join('&'), 'ids'],
    ['include_credential=shoe', 'include_credential[0]'],
    ['organization_id=acme', 'organization_id'],
    ['page_token=garbage', 'page_token'],
  ] as const) {
    test(`${query.slice(0, 40)} is 400 naming ${named}`, async () => {
      const answer = await admin.rest('GET', `/admin/identities?${query}`);
      assert.is(answer.status, 400);
      assert.ok(answer.body.error.reason.includes(named), answer.body.error.reason);
    });
  }

  test('a page token is good for its tenant, its filters and its ids only', async () => {
    const page = await admin.rest('GET', '/admin/identities?page_size=2');
    const token = new URL(linked(page, 'next')!, 'http://x').searchParams.get('page_token')!;
    const other = await adminRest(context().app, 'lists-other');
    assert.is((await other.rest('GET', `/admin/identities?page_token=${token}`)).status, 400);
    for (const filter of [`organization_id=${randomUUID()}`, 'credentials_identifier=a', `ids=${made[0]}`]) {
      const answer = await admin.rest('GET', `/admin/identities?page_token=${token}&${filter}`);
      assert.is(answer.status, 400, filter);
    }
    const flipped = token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    assert.is((await admin.rest('GET', `/admin/identities?page_token=${flipped}`)).status, 400);
    // How long the pages are may change on the way.
    const longer = await admin.rest('GET', `/admin/identities?page_token=${token}&page_size=3`);
    assert.equal(idsOf(longer.body), made.slice(2, 5));
  });

  test('filters are joined by and', async () => {
    const organization = randomUUID();
    const { id } = await admin.create({ email: 'both@example.com' }, { organization_id: organization });
    const list = async (query: string) => idsOf((await admin.rest('GET', `/admin/identities?${query}`)).body);
    const identifier = 'credentials_identifier=BOTH@example.com';
    assert.equal(await list(`${identifier}&organization_id=${organization.toUpperCase()}`), [id]);
    assert.equal(await list(`${identifier}&organization_id=${randomUUID()}`), []);
    assert.equal(await list(`${identifier}&organization_id=${organization}&ids=${id}&ids=${made[0]}`), [id]);
    assert.equal(await list(`organization_id=${randomUUID()}&ids=${id}`), []);
    await admin.rest('DELETE', `/admin/identities/${id}`);
  });

  test('of many ids the links have a token, few are repeated; unknown and repeated ones are left out', async () => {
    const strangers = Array.from({ length: 440 }, () => randomUUID());
    const many = [...made, ...strangers].reverse();
    const query = (ids: readonly string[], size: number) =>
      `/admin/identities?page_size=${size}&${ids.map((id) => `ids=${id}`).join('&')}`;
    assert.equal(await walk(admin.rest, query(many, 7), 7), made);
    const some = [made[3]!, made[1]!.toUpperCase(), made[3]!, made[2]!];
    assert.equal(await walk(admin.rest, query(some, 1), 1), [made[1], made[2], made[3]]);

    const page = await admin.rest('GET', query(many, 7));
    assert.equal(idsOf((await admin.rest('GET', linked(page, 'first')!)).body), made.slice(0, 7));
    const other = await adminRest(context().app, 'lists-thief');
    assert.is((await other.rest('GET', linked(page, 'next')!)).status, 400);
  });

  test('a walk beside writes repeats nothing and misses nothing that stood', async () => {
    const busy = await adminRest(context().app, 'lists-busy');
    const standing: string[] = [];
    const passing: string[] = [];
    for (let n = 0; n < 60; n++) (n % 3 ? standing : passing).push((await busy.create({})).id);
    const seen = await walk(busy.rest, '/admin/identities?page_size=4', 4, async () => {
      const gone = passing.pop();
      await Promise.all([
        busy.rest('PATCH', `/admin/identities/${standing[0]}`, [
          { op: 'add', path: '/metadata_public', value: Math.random() },
        ]),
        gone && busy.rest('DELETE', `/admin/identities/${gone}`),
        seenEnough() ? undefined : busy.create({}),
      ]);
    });
    assert.is(new Set(seen).size, seen.length);
    for (const id of standing) assert.ok(seen.includes(id), id);
  });

  let created = 0;
  /** New ones come at the end: without an end to them, the walk would have none. */
  function seenEnough(): boolean {
    return ++created > 20;
  }
});
