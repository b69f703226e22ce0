import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, restAs } from '../support/rest.js';

/** The query of the document's curl, its spaces as they go over the wire. */
const DOCUMENTED =
  '?limit=10&offset=0&sort_by=createTime&sort_order=desc&filter[enabled]=1&filter[firstName]=Westley&filter[lastName]=Daniel&filter[middleName]=Ivanov&filter[name]=Westley%20Daniel%20Ivanov&filter[uuid]=9';

const PEOPLE = [
  { firstName: 'Westley', middleName: 'Before', lastName: 'Daniel', uuid: '9' },
  { firstName: 'westley', lastName: 'Adams', enabled: false },
  { firstName: 'Zoë', middleName: 'Ivanov', lastName: 'daniel' },
  { lastName: 'Only' },
  { firstName: 'Westley', middleName: 'Ivanov', lastName: 'Daniel', enabled: false },
  {},
];

interface Shown {
  readonly [name: string]: string | boolean | null;
}

forEachApp('profile lists', {}, (test, context) => {
  let profiles: Rest;
  const made: Shown[] = [];
  test.before(async () => {
    const { app } = context();
    profiles = restAs(app.rest, await app.key('lists', 'profiles'));
    for (const person of PEOPLE) made.push((await profiles('POST', '/profiles', person)).body);
    const [first] = made as [Shown];
    made[0] = (await profiles('PATCH', `/profiles/${first.profileId}`, { middleName: 'Ivanov' })).body;
  });
  const ids = (list: readonly Shown[]) => list.map(({ profileId }) => profileId);
  const ask = async (query: string) => {
    const { status, body } = await profiles('GET', `/profiles${query}`);
    assert.is(status, 200, JSON.stringify(body));
    return ids(body);
  };

  test('P-1 all of them, newest first, with their count', async () => {
    const { status, body, headers } = await profiles('GET', '/profiles');
    assert.is(status, 200);
    assert.equal(body, [...made].reverse());
    assert.is(headers.get('x-total-count'), String(made.length));
  });

  test('P-1 the document’s query is read, its brackets raw or encoded', async () => {
    // The example's full name has the last name in the middle, which no profile of its parts has.
    assert.equal(await ask(DOCUMENTED), []);
    const own = DOCUMENTED.replace('Westley%20Daniel%20Ivanov', 'Westley%20Ivanov%20Daniel');
    assert.equal(await ask(own), [made[0]!.profileId]);
    const encoded = own.replaceAll('[', '%5B').replaceAll(']', '%5D').replaceAll('%20', '+');
    assert.equal(await ask(encoded), [made[0]!.profileId]);
    assert.is((await profiles('GET', `/v1/profiles${own}`)).headers.get('x-total-count'), '1');
  });

  for (const [query, wanted] of [
    ['filter[enabled]=0', [4, 1]],
    ['filter[enabled]=false', [4, 1]],
    ['filter[enabled]=true', [5, 3, 2, 0]],
    ['filter[profileFirstName]=WESTLEY', [4, 1, 0]],
    ['filter[firstName]=westley', [4, 1, 0]],
    ['filter[profileLastName]=DANIEL', [4, 2, 0]],
    ['filter[lastName]=Daniel&filter[enabled]=0', [4]],
    ['filter[profileMiddleName]=ivanov', [4, 2, 0]],
    ['filter[middleName]=Ivan', []],
    ['filter[name]=zo%C3%AB+ivanov+daniel', [2]],
    ['filter[name]=zoe%CC%88%20ivanov%20daniel', [2]],
    ['filter[name]=only', [3]],
    ['filter[uuid]=9', [0]],
    ['filter[uuid]=09', []],
    ['filter[firstName]=Westley&filter[profileFirstName]=Zo%C3%AB', []],
    ['filter[firstName]=Westley&filter[profileFirstName]=westley', [4, 1, 0]],
    ['filter[firstName]=&filter[uuid]=', [5, 4, 3, 2, 1, 0]],
    ['filter[name]=%25', []],
    ['filter[name]=.*', []],
  ] as const) {
    test(`E-3 ${query}`, async () => {
      assert.equal(await ask(`?${query}`), ids(wanted.map((at) => made[at]!)));
    });
  }

  for (const key of [
    'createTime',
    'enabled',
    'firstName',
    'lastName',
    'middleName',
    'name',
    'profileId',
    'updateTime',
  ]) {
    test(`P-1 sort_by=${key} goes both ways, nulls first going up, ties by id`, async () => {
      const ascending = await ask(`?sort_by=${key}&sort_order=asc`);
      // Ids and times are given in order of creation; the first was changed last.
      const order = made.map((profile, at) => ({ profile, at, value: sortValue(profile, key, at) }));
      order.sort((one, other) => compare(one.value, other.value) || one.at - other.at);
      assert.equal(ascending, ids(order.map(({ profile }) => profile)));
      assert.equal(await ask(`?sort_by=${key}&sort_order=desc`), [...ascending].reverse());
      assert.equal(await ask(`?sort_by=${key}`), [...ascending].reverse());
      const walked = [];
      for (let offset = 0; offset < made.length; offset += 2)
        walked.push(...(await ask(`?sort_by=${key}&sort_order=asc&limit=2&offset=${offset}`)));
      assert.equal(walked, ascending);
    });
  }

  test('limit and offset cut the list; the count is of all that match', async () => {
    const { body, headers } = await profiles('GET', '/profiles?limit=1&offset=1&filter[firstName]=westley');
    assert.equal([ids(body), headers.get('x-total-count')], [[made[1]!.profileId], '3']);
    assert.equal(await ask('?offset=100'), []);
    assert.is((await ask('?limit=1000')).length, made.length);
  });

  for (const [query, field] of [
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1.5', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=x', 'offset'],
    ['sort_by=uuid', 'sort_by'],
    ['sort_by=create_time', 'sort_by'],
    ['sort_order=up', 'sort_order'],
    ['sort_order=DESC', 'sort_order'],
    ['filter[enabled]=yes', 'filter.enabled'],
    ['filter[email]=a', 'filter.email'],
    ['filter[__proto__]=a', 'filter.__proto__'],
    ['filter[$where]=1', 'filter.$where'],
    ['filter=a', 'filter'],
    ['filter[name][x]=a', 'filter[name][x]'],
    ['filter[name=a', 'filter[name'],
    ['filter[name]s=a', 'filter[name]s'],
    ['filters[name]=a', 'filters[name]'],
    ['filter[name]=a&filter[name]=b', 'filter'],
    ['filter[name]=%00', 'filter.name'],
  ] as const) {
    test(`P-1 ${query} is 400 and named`, async () => {
      const { status, body } = await profiles('GET', `/profiles?${query}`);
      assert.is(status, 400, JSON.stringify(body));
      assert.ok(
        body.errors.some((error: { field: string }) => error.field === field),
        JSON.stringify(body),
      );
    });
  }

  test('profiles of another tenant are in no list', async () => {
    const { app } = context();
    const other = restAs(app.rest, await app.key('elsewhere', 'profiles'));
    const { body, headers } = await other('GET', '/profiles');
    assert.equal([body, headers.get('x-total-count')], [[], '0']);
  });

  test('150 profiles: 100 where no limit is given', async () => {
    const { app } = context();
    const many = restAs(app.rest, await app.key('many', 'profiles'));
    await Promise.all(Array.from({ length: 150 }, () => many('POST', '/profiles', {})));
    const { body, headers } = await many('GET', '/profiles');
    assert.equal([body.length, headers.get('x-total-count')], [100, '150']);
  });
});

function sortValue(profile: Shown, key: string, at: number): string | boolean | number | null {
  if (key === 'createTime' || key === 'profileId') return at;
  // Times are shown in seconds, and kept in milliseconds.
  if (key === 'updateTime') return at === 0 ? PEOPLE.length : at;
  const value = profile[key]!;
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function compare<T extends string | boolean | number>(one: T | null, other: T | null): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
}
