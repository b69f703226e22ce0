import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import type { SettingsInput } from '../../gateway/settings.js';
import { sampleImage } from './sample/image.js';
import { buildImage } from './support/build-image.js';
import { createLocalTransport } from './support/local-transport.js';

const test = suite('what is refused at start');

const transport = createLocalTransport(async function* () {});

function faultsOf(image: Uint8Array, settings: SettingsInput = {}): string {
  try {
    createGateway({ image, transport, settings });
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const rpc = (name: string, rule: string, types = '(Request) returns (Answer)') =>
  `rpc ${name}${types} { option (google.api.http) = {${rule}}; }`;

const messages = `
message Request { string id = 1; Request child = 2; map<string, string> labels = 3; repeated Request list = 4; }
message Answer { string id = 1; }
message Update { Request thing = 1; google.protobuf.FieldMask mask = 2; google.protobuf.FieldMask other = 3; }
`;

test('every bad route is named in one error', () => {
  const image = buildImage({
    'bad.v1': `${messages}
      service Things {
        ${rpc('NoSlash', 'get: "v1/x"')}
        ${rpc('Twice', 'get: "/v1/{id}/{id}"')}
        ${rpc('NoField', 'get: "/v1/{nope}"')}
        ${rpc('NoNested', 'get: "/v1/{child.nope}"')}
        ${rpc('IntoMap', 'get: "/v1/map/{labels}"')}
        ${rpc('IntoMessage', 'get: "/v1/message/{child}"')}
        ${rpc('NoBody', 'post: "/v1/body" body: "nope"')}
        ${rpc('NoResponseBody', 'get: "/v1/rb" response_body: "nope"')}
        ${rpc('GetWithBody', 'get: "/v1/get" body: "*"')}
        ${rpc('NoPattern', 'body: "*"')}
        ${rpc('EmptyKind', 'custom { kind: "" path: "/v1/custom" }')}
        ${rpc('Stream', 'post: "/v1/stream" body: "child"', '(stream Request) returns (Answer)')}
        ${rpc('StreamPath', 'post: "/v1/stream/{id}" body: "*"', '(stream Request) returns (Answer)')}
        ${rpc('Nested', 'get: "/v1/n" additional_bindings { get: "/v1/m" additional_bindings { get: "/v1/o" } }')}
        rpc Mask(Update) returns (Answer) {
          option (google.api.http) = {put: "/v1/mask" body: "thing"};
          option (facet.http.v1.method) = {mask_from_body: MASK_FROM_BODY_KEYS};
        }
        rpc Resume(Request) returns (stream Answer) {
          option (google.api.http) = {get: "/v1/resume"};
          option (facet.http.v1.method) = {resume_field: "nope"};
        }
      }`,
  });
  const text = faultsOf(image);
  for (const expected of [
    'bad.v1.Things.NoSlash: GET v1/x: it does not begin with /',
    'Twice: GET /v1/{id}/{id}: it binds id twice',
    'NoField: GET /v1/{nope}: bad.v1.Request has no field nope',
    'NoNested: GET /v1/{child.nope}',
    'IntoMap: GET /v1/map/{labels}',
    'IntoMessage: GET /v1/message/{child}',
    'NoBody: POST /v1/body: body names "nope", which bad.v1.Request does not have',
    'NoResponseBody: GET /v1/rb: response_body names "nope", which bad.v1.Answer does not have',
    'GetWithBody: GET /v1/get: GET takes no body',
    'NoPattern: ',
    'EmptyKind: ',
    'Stream: POST /v1/stream: a stream of requests needs body: "*"',
    'StreamPath: POST /v1/stream/{id}: a stream of requests takes no path parameters',
    'Nested: GET /v1/m: additional_bindings may not nest',
    'Mask: PUT /v1/mask: mask_from_body needs',
    'Resume: GET /v1/resume: resume_field names "nope"',
  ]) {
    assert.ok(text.includes(expected), `${expected}\nis not in\n${text}`);
  }
});

const ambiguous = {
  'amb.v1': `${messages}
    service Things {
      ${rpc('First', 'get: "/v1/things/{id}"')}
      ${rpc('Second', 'get: "/v1/things/{child.id}"')}
      ${rpc('Third', 'post: "/v1/third" body: "*" additional_bindings { post: "/v1/fourth" }')}
    }`,
};

test('a contract with strict routes may neither be ambiguous nor bind bodies differently', () => {
  const text = faultsOf(buildImage(ambiguous), {
    contracts: { a: { package: 'amb.v1', strictRoutes: true } },
  });
  assert.match(text, 'amb.v1.Things.First and Second both claim GET /v1/things/{child.id}');
  assert.match(text, 'Third: POST /v1/fourth: body and response_body must be those of the first binding');
});

test('other services may be ambiguous, as in Go', () => {
  assert.is(faultsOf(buildImage(ambiguous)), '');
});

test('a version that may be left out can make two routes one', () => {
  const image = buildImage({
    'ver.v1': `${messages} service Things { ${rpc('A', 'get: "/v1/a"')} ${rpc('B', 'get: "/a"')} }`,
  });
  const contract = { package: 'ver.v1', strictRoutes: true };
  assert.is(faultsOf(image, { contracts: { a: contract } }), '');
  assert.match(
    faultsOf(image, { contracts: { a: { ...contract, optionalVersion: true } } }),
    'both claim GET',
  );
});

test('a contract without services is refused', () => {
  const text = faultsOf(sampleImage, {
    contracts: { a: { package: 'nope.v1' }, b: { package: 'sample.v1' } },
  });
  assert.match(text, 'contract a: no service is in the package nope.v1');
});

test('all faults of the settings are told at once', () => {
  const text = faultsOf(sampleImage, {
    prefix: 'api',
    default: 'nobody',
    keyPattern: '(',
    limits: { body: 0 },
    contracts: {
      One: { package: 'sample.v1' },
      a: {
        package: 'sample.v1',
        invalidStatus: 999,
        statuses: { NOPE: 400 } as never,
        types: 'lax' as never,
      },
      b: { package: 'sample.v1', errors: { body: { error: '$nope' }, violation: { m: '$message' } } },
      c: { package: 'x', unknown: true } as never,
    },
  });
  for (const path of [
    'prefix: ',
    'default: there is no contract "nobody"',
    'keyPattern: ',
    'limits.body: ',
    'contracts.One: ',
    'contracts.a.invalidStatus: ',
    'contracts.a.statuses: ',
    'contracts.a.types: ',
    'contracts.b.errors.body: $nope is not one of',
    'contracts.b.errors.violation: $message is not one of',
    'contracts.c: ',
  ]) {
    assert.ok(text.includes(path), `${path}\nis not in\n${text}`);
  }
});

test('two contracts may not share a package', () => {
  const text = faultsOf(sampleImage, {
    contracts: { a: { package: 'sample.v1' }, b: { package: 'sample.v1' } },
  });
  assert.match(text, 'contracts.b.package: sample.v1 is the package of "a" already');
});

test('an image that is none is refused with a reason', () => {
  assert.match(faultsOf(Buffer.from('not an image')), 'the descriptor image cannot be read');
});

test.run();
