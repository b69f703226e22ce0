import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileContracts } from '../../gateway/contract.js';
import { readImage } from '../../gateway/image.js';
import { parseSettings } from '../../gateway/settings.js';
import { readContractSettings, readImageFile } from '../../src/image.js';
import { documentedContracts } from '../../src/openapi.js';
import { contractDocumentOf, createAjv } from '../support/contract-document.js';
import { mustBeDocumented } from '../support/validated-rest.js';
import type { Document } from './support/describe.js';

const documents = suite("the contracts' OpenAPI documents");

const contracts = compileContracts(readImage(readImageFile()), parseSettings(readContractSettings()));
const found: Record<string, Document> = Object.fromEntries(
  documentedContracts().map((name) => [name, contractDocumentOf(name).document]),
);
/** A template with its parameters' names left out. */
const bare = (path: string) => path.replace(/\{[^}]*\}/g, '{}');

for (const [name, document] of Object.entries(found)) {
  documents(`${name} has every route, and no other`, () => {
    const { operations } = contracts.find((each) => each.name === name)!;
    const routes = operations.map(({ binding }) => `${binding.method} ${bare(binding.template.text)}`);
    const listed = Object.entries<Document>(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${bare(path)}`),
    );
    assert.equal(listed.sort(), [...new Set(routes)].sort());
  });

  documents(`${name} is served below its own prefix`, () => {
    assert.equal(document.servers, [{ url: `/api/${name}` }]);
  });

  documents(`${name} has only schemas that a strict validator takes`, () => {
    const ajv = createAjv();
    const { schemas } = document.components;
    for (const schema of Object.keys(schemas)) {
      ajv.compile({ $ref: `#/components/schemas/${schema}`, components: { schemas } });
    }
  });

  documents(`${name} has a description for everything that the proto describes`, () => {
    for (const [path, item] of Object.entries<Document>(document.paths)) {
      for (const [method, operation] of Object.entries<Document>(item)) {
        assert.ok(operation.summary, `${method} ${path}`);
        for (const parameter of operation.parameters ?? []) {
          assert.ok(parameter.description, `${method} ${path} ${parameter.name}`);
        }
      }
    }
  });
}

const { schemas } = found.outreach.components;

documents('outreach: what creates an identity', () => {
  const { required, properties, additionalProperties } = schemas.CreateIdentityRequest;
  assert.equal(required, ['firstName', 'lastName']);
  assert.equal(properties.firstName, {
    description:
      'First name.\n\nRules: must not be blank; Characters at most, the white space around them not counted: 255.',
    type: 'string',
    pattern: '\\S',
  });
  assert.is(additionalProperties, undefined);
});

documents('outreach: what is optional out may be absent, and what is unset is null', () => {
  assert.equal(schemas.ListIdentitiesResponse.required, ['status', 'identities']);
  assert.equal(schemas.Connection.properties.profile_id.type, ['string', 'null']);
  assert.ok(schemas.Connection.required.includes('profile_id'));
});

documents('outreach: limits of what is sent', () => {
  const { properties } = schemas.LinkedInLogin;
  assert.equal(
    [properties.max_verification_wait_time.minimum, properties.max_verification_wait_time.maximum],
    [30, 3600],
  );
  assert.is(properties.country.pattern, '^[A-Za-z]{2}$');
  assert.equal([properties.password.format, schemas.LinkedInCode.required], ['password', ['code']]);
  const [limit] = found.outreach.paths['/v1/identities'].get.parameters;
  assert.equal(limit.schema, { type: 'integer', format: 'int32', minimum: 1, maximum: 1000 });
});

documents('outreach: errors are those of its document, with details where input is at fault', () => {
  assert.equal(schemas.Error.required, ['status', 'error', 'code', 'timestamp']);
  assert.equal(schemas.InvalidError.required, ['status', 'error', 'code', 'timestamp', 'details']);
  const { BadRequest, UnprocessableEntity } = found.outreach.components.responses;
  for (const response of [BadRequest, UnprocessableEntity]) {
    assert.equal(response.content['application/json'].schema, { $ref: '#/components/schemas/InvalidError' });
  }
});

const notFound = {
  status: 404,
  headers: new Headers({ 'content-type': 'application/json' }),
  body: { status: 'error', error: 'Not found.', code: 'not_found', timestamp: '2025-01-01T00:00:00.000Z' },
};
const path = '/v1/identities/x';

documents('an answer as documented passes, wherever its contract is named', () => {
  mustBeDocumented('facet_outreach_x', 'GET', path, notFound);
  mustBeDocumented('facet_core_x', 'GET', `/api/outreach${path}/`, notFound);
  mustBeDocumented(undefined, 'GET', '/nowhere?x=1', notFound);
});

for (const [title, method, target, answer] of [
  ['another status', 'GET', path, { ...notFound, status: 418 }],
  ['a status of another operation', 'GET', '/v1/identities', notFound],
  [
    'another content type',
    'GET',
    path,
    { ...notFound, headers: new Headers({ 'content-type': 'text/html' }) },
  ],
  ['no content type', 'GET', path, { ...notFound, headers: new Headers() }],
  ['a key too many', 'GET', path, { ...notFound, body: { ...notFound.body, cause: 'x' } }],
  ['a key too few', 'GET', path, { ...notFound, body: { ...notFound.body, code: undefined } }],
  ['a time that is none', 'GET', path, { ...notFound, body: { ...notFound.body, timestamp: 'now' } }],
  ['no Allow beside 405', 'PATCH', path, { ...notFound, status: 405 }],
  ['the shape of another contract', 'GET', `/api/core${path}`, notFound],
] as const) {
  documents(`an answer with ${title} does not pass`, () => {
    const body = JSON.parse(JSON.stringify(answer.body));
    assert.throws(
      () => mustBeDocumented('facet_outreach_x', method, target, { ...answer, body }),
      /is not answered as/,
    );
  });
}

documents.run();
