import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, restAs } from '../support/rest.js';
import { root } from '../support/root.js';

const CONTRACTS = ['outreach', 'profiles', 'mailbox', 'agents', 'admin', 'core'] as const;
type Contract = (typeof CONTRACTS)[number];

const PATHS: Record<Contract, string> = {
  outreach: '/api/outreach/v1/identities',
  profiles: '/api/profiles/v1/profiles',
  mailbox: '/api/mailbox/v1/identities',
  agents: '/api/agents/v1/identities',
  admin: '/api/admin/v1/identities',
  core: '/api/core/v1/identities',
};

interface Example {
  readonly line: string;
  /** In this order: the first makes the record, the others complete it. */
  readonly made: readonly { readonly through: Contract; readonly given: string }[];
  readonly shown: Readonly<Record<Contract, string>>;
}

/** The rows of the table of examples in docs/views.md. */
function examples(): Example[] {
  const text = readFileSync(`${root}docs/views.md`, 'utf8').split('## Examples')[1]!;
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('`'));
  return rows.map((line) => {
    const [through, given, ...shown] = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));
    const bodies = [...given!.matchAll(/`([^`]*)`/g)].map((match) => match[1]!);
    return {
      line: `${through}: ${given}`,
      made: through!.split(' + ').map((name, at) => ({ through: contractOf(name), given: bodies[at]! })),
      shown: Object.fromEntries(
        CONTRACTS.map((contract, at) => [contract, shown[at]!.replaceAll('`', '')]),
      ) as Example['shown'],
    };
  });
}

function contractOf(name: string): Contract {
  const contract = CONTRACTS.find((each) => each === name);
  if (contract === undefined) throw new Error(`docs/views.md names the contract "${name}"`);
  return contract;
}

/** Where a contract has an identity: agents writes its id in a form of its own. */
const pathOf = (contract: Contract, id: string) =>
  `${PATHS[contract]}/${contract === 'agents' ? 'identity-' : ''}${id}`;

// biome-ignore lint/suspicious/noExplicitAny: bodies of all contracts
const identityIn = (body: any) => body.identity ?? body;

forEachApp('views', {}, (test, context) => {
  let rest: Rest;
  let domain: string;
  const tenant = async (name: string) => {
    const { app } = context();
    rest = restAs(app.rest, await app.key(name, 'core'));
    const made = await rest('POST', '/api/core/v1/domains', { name: 'views.example', verified: true });
    domain = made.body.id;
  };
  const create = async (through: Contract, given: string, headers = {}) => {
    const answer = await rest('POST', PATHS[through], given.replace('$domain', domain), headers);
    assert.ok(
      answer.status === 200 || answer.status === 201,
      `${answer.status} ${JSON.stringify(answer.body)}`,
    );
    const identity = identityIn(answer.body);
    const id: string = identity.profileId ?? identity.id;
    return { id: id.replace('identity-', ''), identity };
  };

  const rows = examples();
  test('the table has a row for each contract that makes records', () => {
    for (const contract of CONTRACTS)
      assert.ok(
        rows.some(({ made }) => made[0]!.through === contract),
        contract,
      );
  });

  rows.forEach(({ line, made, shown }, at) => {
    test(line, async () => {
      await tenant(`views-${at}`);
      let last: Awaited<ReturnType<typeof create>> | undefined;
      for (const { through, given } of made) {
        const headers: Record<string, string> = last === undefined ? {} : { 'facet-identity': last.id };
        const next = await create(through, given, headers);
        if (last !== undefined) assert.is(next.id, last.id);
        last = next;
      }
      for (const contract of CONTRACTS) {
        const { status, body } = await rest('GET', pathOf(contract, last!.id));
        if (shown[contract] === '404') {
          assert.is(status, 404, contract);
          continue;
        }
        assert.is(status, 200, contract);
        const identity = identityIn(body);
        const expected = shown[contract].replaceAll('$id', last!.id).replaceAll('$domain', domain);
        for (const [name, value] of Object.entries(JSON.parse(expected)))
          assert.equal(identity[name], value, `${contract}: ${name}`);
        if (contract === made.at(-1)!.through) assert.equal(identity, last!.identity);
      }
    });
  });

  for (const contract of CONTRACTS) {
    test(`a delete through ${contract} deletes the record in every view`, async () => {
      await tenant(`deleted-${contract}`);
      const { id } = await create(
        'mailbox',
        rows.find(({ made }) => made[0]!.through === 'mailbox')!.made[0]!.given,
      );
      const gone = await rest('DELETE', pathOf(contract, id));
      assert.ok(gone.status < 300, String(gone.status));
      for (const other of CONTRACTS) assert.is((await rest('GET', pathOf(other, id))).status, 404, other);
    });
  }

  test('what is written through one view shows in the others', async () => {
    await tenant('written');
    const { id } = await create('outreach', '{"firstName":"A","lastName":"B","role":"R"}');
    await rest('PATCH', `${PATHS.profiles}/${id}`, { firstName: null, lastName: null, enabled: false });
    const core = (await rest('GET', `${PATHS.core}/${id}`)).body;
    assert.equal([core.givenName, core.state], [undefined, 'IDENTITY_STATE_INACTIVE']);
    await rest('PATCH', `${PATHS.core}/${id}`, { displayName: 'Ada King Byron' });
    const profile = (await rest('GET', `${PATHS.profiles}/${id}`)).body;
    assert.equal(
      [profile.firstName, profile.lastName, profile.name],
      ['Ada King', 'Byron', 'Ada King Byron'],
    );
    const found = await rest('GET', `${PATHS.profiles}?filter[firstName]=ada%20king&filter[enabled]=0`);
    assert.equal(found.body, [profile]);
    await rest('PUT', `${PATHS.outreach}/${id}`, { firstName: 'Augusta' });
    assert.is((await rest('GET', `${PATHS.profiles}/${id}`)).body.name, 'Augusta Byron');
  });

  test('a part of a derived name that is written leaves the other as it was shown', async () => {
    await tenant('parts');
    const given = '{"domain_id":"$domain","local_part":"ada","display_name":"Ada Lovelace"}';
    const { id } = await create('mailbox', given);
    const patched = await rest('PATCH', `${PATHS.profiles}/${id}`, { firstName: 'Augusta' });
    assert.equal(
      [patched.body.firstName, patched.body.lastName, patched.body.name],
      ['Augusta', 'Lovelace', 'Augusta Lovelace'],
    );
    const outreach = (await rest('GET', `${PATHS.outreach}/${id}`)).body.identity;
    assert.equal([outreach.firstName, outreach.lastName], ['Augusta', 'Lovelace']);
    assert.is((await rest('GET', `${PATHS.mailbox}/${id}`)).body.display_name, 'Ada Lovelace');
    const found = await rest('GET', `${PATHS.profiles}?filter[lastName]=lovelace`);
    assert.is(found.body.length, 1);
  });

  test('the core writes no other field than it is told to', async () => {
    await tenant('told');
    const { id } = await create('core', '{"displayName":"Ada Lovelace"}');
    const { body } = await rest('PATCH', `${PATHS.core}/${id}`, { givenName: 'Augusta' });
    assert.equal([body.givenName, body.familyName], ['Augusta', undefined]);
  });

  test('contacts are the same in core and in profiles', async () => {
    await tenant('contacts');
    const { id } = await create(
      'core',
      '{"contacts":[{"key":"CONTACT_KEY_EMAIL","value":"a@b.co","externalId":"9"}]}',
    );
    const [shown] = (await rest('GET', `${PATHS.profiles}/${id}/contacts`)).body;
    assert.equal([shown.key, shown.value, shown.uuid], ['email', 'a@b.co', '9']);
    await rest('PUT', `${PATHS.profiles}/${id}/contacts/${shown.contactId}`, { value: 'c@d.co', uuid: null });
    const [core] = (await rest('GET', `${PATHS.core}/${id}`)).body.contacts;
    assert.equal(
      [core.id, core.key, core.value, core.externalId],
      [shown.contactId, 'CONTACT_KEY_EMAIL', 'c@d.co', undefined],
    );
  });

  const COMPLETIONS: readonly (readonly [Contract, string])[] = [
    ['outreach', '{"firstName":"A","lastName":"B","role":"R"}'],
    ['profiles', '{"firstName":"P","contacts":[{"key":"email","value":"a@b.co"}]}'],
    ['mailbox', '{"domain_id":"$domain","local_part":"box","display_name":"D"}'],
    ['agents', '{"identifier_key":"k","name":"N","identity_type":"other"}'],
  ];
  for (const [contract, given] of COMPLETIONS) {
    test(`Facet-Identity on a create of ${contract}: once, of the own tenant only, repeatable`, async () => {
      await tenant(`completed-${contract}`);
      const { id } = await create('core', '{"jobTitle":"Kept"}');
      const body = given.replace('$domain', domain);
      const headers = { 'facet-identity': id };
      const unknown = await rest('POST', PATHS[contract], body, { 'facet-identity': 'nobody' });
      assert.is(unknown.status, 404);
      const { app } = context();
      const other = restAs(app.rest, await app.key('completed-other', 'core'));
      const made = (await other('POST', '/api/core/v1/domains', { name: 'views.example', verified: true }))
        .body;
      const theirs = given.replace('$domain', made.id ?? domain);
      assert.is((await other('POST', PATHS[contract], theirs, headers)).status, 404);
      assert.is((await rest('GET', `${PATHS.core}/${id}`)).body.etag, '1');

      const repeatable = { ...headers, 'idempotency-key': 'complete' };
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => rest('POST', PATHS[contract], body, repeatable)),
      );
      assert.equal([...new Set(answers.map(({ status }) => status))], [contract === 'agents' ? 200 : 201]);
      assert.is(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
      const core = (await rest('GET', `${PATHS.core}/${id}`)).body;
      assert.equal([core.id, core.etag], [id, '2']);
      assert.is((await rest('POST', PATHS[contract], body, headers)).status, 409);
      const elsewhere = await rest('POST', PATHS[contract], body, { 'idempotency-key': 'complete' });
      assert.is(elsewhere.status, 422);
      const list = (await rest('GET', PATHS.core)).body.identities;
      assert.is(list.length, 1);
    });
  }

  test('Facet-Identity takes an id as agents writes it', async () => {
    await tenant('agents-id');
    const made = await rest('POST', PATHS.agents, { identifier_key: 'k', name: 'N', identity_type: 'user' });
    const completed = await create('profiles', '{"firstName":"P"}', { 'facet-identity': made.body.id });
    assert.is(`identity-${completed.id}`, made.body.id);
  });

  test('of 20 creates that complete one identity at once, one does', async () => {
    await tenant('raced');
    const { id } = await create('core', '{}');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        rest('POST', PATHS.profiles, { firstName: `N${n}` }, { 'facet-identity': id }),
      ),
    );
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    assert.equal([count(201), count(409)], [1, 19]);
  });
});
