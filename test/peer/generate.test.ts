import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readContracts } from '../../bench/peer/contract.js';
import { EXAMPLES } from '../../bench/peer/examples.js';
import { generateRequests } from '../../bench/peer/generate.js';
import { writtenRequests } from '../../bench/peer/written.js';
import { contractOf } from './cases.js';

const generated = suite('the comparison with grpc-gateway: requests');

const paths = (name: string, rpc: string) =>
  generateRequests(contractOf(name))
    .filter((request) => request.rpc === rpc)
    .map(({ path }) => path);

generated('no two requests of a contract have one title', () => {
  for (const [name, contract] of readContracts()) {
    const titles = [...writtenRequests(name), ...generateRequests(contract)].map(({ title }) => title);
    const twice = titles.filter((title, index) => titles.indexOf(title) !== index);
    assert.equal(twice, [], name);
  }
});

generated('every example is one of a method, and every method with a body of its own has one', () => {
  const rpcs = [...readContracts().values()].flatMap(({ bindings }) =>
    bindings.map(({ rpc }) => `${rpc.parent.typeName}/${rpc.name}`),
  );
  assert.equal(
    Object.keys(EXAMPLES).filter((name) => !rpcs.includes(name)),
    [],
  );
  for (const name of rpcs.filter((rpc) => /\/(?:Create|Upsert|Import|Set|Submit|Authenticate)/.test(rpc))) {
    assert.ok(EXAMPLES[name]?.body, name);
  }
});

generated('what a path names is of the kind that its method is about', () => {
  assert.is(
    paths('core', 'DeleteCredential')[0],
    '/v1/identities/{{own.DeleteCredential-1}}/credentials/{{own.DeleteCredential-1.credential}}',
  );
  assert.is(paths('admin', 'GetIdentityByExternalId')[0], '/v1/identities/by/external/{{shared.a.external}}');
  assert.is(paths('admin', 'GetIdentitySchema')[0], '/schemas/{{shared.a.schema}}');
  assert.is(paths('core', 'CreateSession')[0], '/v1/identities/{{own.CreateSession-1.account}}/sessions');
});

generated('two bindings of one method that writes are not about the same record', () => {
  const named = new Map<string, Set<string>>();
  for (const path of paths('admin', 'DeleteIdentity')) {
    const record = /\{\{own\.([^}]+)\}\}/.exec(path)?.[1];
    if (record === undefined) continue;
    const prefix = path.split('/')[1]!;
    named.set(record, (named.get(record) ?? new Set()).add(prefix));
  }
  assert.ok(named.size > 20, `${named.size} records`);
  const shared = [...named].filter(([, prefixes]) => prefixes.has('admin') && prefixes.has('v1'));
  assert.equal(shared, []);
});

generated('a list that must be given is declared for nothing, and for nothing else', () => {
  const titles = generateRequests(contractOf('agents'))
    .filter(({ differs }) => differs?.reason === 'list body')
    .map(({ title }) => title.split(': ')[1]);
  assert.equal(titles, ['an empty body', 'white space', 'null']);
});

generated.run();
