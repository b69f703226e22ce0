import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildImage } from '../gateway/support/build-image.js';
import { thingsImage } from '../gateway/support/things.js';
import { type Document, describePackage } from './support/describe.js';

const document = suite('an OpenAPI document');

const strict: Document = describePackage(thingsImage, 'things.v1', {
  types: 'strict',
  requestHeaders: ['if-match', 'idempotency-key'],
  responseHeaders: ['etag', 'x-total-count'],
});
const lax: Document = describePackage(thingsImage, 'things.v1');
const { schemas } = strict.components;
const operation = (path: string, method: string) => strict.paths[path][method];
const answer = (path: string, method: string, status: number) => {
  const response = operation(path, method).responses[status];
  return response.content?.['application/json'].schema;
};
const named = (parameters: Document[] = [], place: string) =>
  parameters.filter((each) => each.in === place).map(({ name }) => name);

document('every route has an operation with an id of its own, whose name a second route numbers', () => {
  const ids = Object.values<Document>(strict.paths).flatMap((item) =>
    Object.values<Document>(item).map(({ operationId }) => operationId),
  );
  assert.is(new Set(ids).size, ids.length);
  assert.is(operation('/v1/things', 'post').operationId, 'create');
  assert.is(operation('/admin/things', 'post').operationId, 'create2');
  assert.is(operation('/v1/things/{thingId}', 'patch').operationId, 'update2');
});

document('a route that may leave its version out is listed once', () => {
  const short: Document = describePackage(thingsImage, 'things.v1', { optionalVersion: true });
  assert.equal(Object.keys(short.paths), Object.keys(strict.paths));
});

document('answers print everything that is not optional, and nothing else', () => {
  assert.equal(schemas.Thing.required, ['thingId', 'fullName', 'note', 'parts']);
  assert.is(schemas.Thing.additionalProperties, false);
  assert.equal(schemas.Thing.properties.note, { type: ['string', 'null'] });
  assert.equal(schemas.Thing.properties.size, { type: 'integer', format: 'int32' });
  assert.equal(schemas.Thing.properties.parts, {
    type: 'array',
    items: { $ref: '#/components/schemas/Part' },
  });
});

document('a message that is sent and answered has a form of its own for each', () => {
  assert.equal(schemas.PartInput.properties, schemas.Part.properties);
  assert.equal([schemas.Part.required, schemas.PartInput.required], [['partName', 'amount'], undefined]);
});

document('strict types take null only where it is printed; others take it everywhere', () => {
  const { ThingChange } = schemas;
  assert.equal(ThingChange.properties.fullName, { type: 'string' });
  assert.equal(ThingChange.properties.note, { type: ['string', 'null'] });
  assert.equal(lax.components.schemas.ThingChange.properties.fullName, { type: ['string', 'null'] });
});

document('keys that are not known are refused where the settings say so', () => {
  const refusing: Document = describePackage(thingsImage, 'things.v1', { unknownFields: 'refuse' });
  assert.is(refusing.components.schemas.CreateThing.additionalProperties, false);
  assert.is(schemas.CreateThing.additionalProperties, undefined);
});

document('names are those of the settings', () => {
  const proto: Document = describePackage(thingsImage, 'things.v1', { names: 'proto' });
  assert.equal(proto.components.schemas.Thing.required, ['thing_id', 'full_name', 'note', 'parts']);
  assert.ok('/v1/things/{thing_id}' in proto.paths);
  assert.equal(named(operation('/v1/things', 'get').parameters, 'query'), ['pageSize', 'filter[name]']);
});

document('what the path, the body or the gateway itself fills is no query parameter', () => {
  assert.equal(
    operation('/v1/things/{thingId}', 'put').parameters.map(({ name }: Document) => name),
    ['thingId', 'If-Match'],
  );
  assert.is(
    operation('/v1/things', 'post').parameters.some(({ in: place }: Document) => place === 'query'),
    false,
  );
});

document('bodies and answers that are one field are that field, and a list must be given', () => {
  assert.equal(answer('/v1/things', 'get', 200), {
    type: 'array',
    items: { $ref: '#/components/schemas/Thing' },
  });
  assert.equal(operation('/v1/things/{thingId}/parts', 'put').requestBody, {
    content: {
      'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/PartInput' } } },
    },
    required: true,
  });
  assert.equal(answer('/v1/things', 'delete', 200), {});
});

document('success has its own status, and 204 no body', () => {
  assert.equal(answer('/v1/things', 'post', 201), { $ref: '#/components/schemas/Thing' });
  assert.equal(operation('/v1/things/{thingId}', 'delete').responses[204], { description: 'Done.' });
});

document('headers are listed where they have a meaning and are let through', () => {
  assert.equal(named(operation('/v1/things', 'post').parameters, 'header'), ['Idempotency-Key']);
  assert.equal(named(operation('/v1/things/{thingId}', 'get').parameters, 'header'), []);
  assert.equal(Object.keys(operation('/v1/things/{thingId}', 'get').responses[200].headers), ['ETag']);
  assert.equal(Object.keys(operation('/v1/things', 'get').responses[200].headers), ['X-Total-Count']);
  assert.is(lax.paths['/v1/things'].post.parameters, undefined);
});

document('If-Match is a list of entity tags, or any', () => {
  const { schema } = operation('/v1/things/{thingId}', 'put').parameters.at(-1);
  const matches = (text: string) => new RegExp(schema.pattern, 'u').test(text);
  assert.equal(['*', '"1"', 'W/"1", "2"'].map(matches), [true, true, true]);
  assert.equal(['1', '"1', '"1" "2"', ''].map(matches), [false, false, false, false]);
});

document('a stream is lines of JSON or events, and can be resumed', () => {
  const watch = operation('/v1/things/{thingId}/events', 'get');
  assert.equal(named(watch.parameters, 'header'), ['Last-Event-ID']);
  assert.equal(watch.parameters.at(-1).schema, { type: 'integer', format: 'int32' });
  const { content } = watch.responses[200];
  assert.equal(Object.keys(content), ['application/json', 'application/x-ndjson', 'text/event-stream']);
  const [line] = content['application/x-ndjson'].schema.anyOf;
  assert.equal(line.properties.result, { $ref: '#/components/schemas/Event' });
  assert.ok(204 in watch.responses);
});

document(
  'without a shape of their own errors are google.rpc.Status, wrapped where a stream begins with one',
  () => {
    const at = (path: string) => lax.paths[path].get.responses[404].$ref;
    assert.is(at('/v1/things/{thingId}'), '#/components/responses/NotFound');
    const { NotFound, NotFoundInStream } = lax.components.responses;
    assert.equal(NotFound.content['application/json'].schema, { $ref: '#/components/schemas/Status' });
    assert.is(at('/v1/things/{thingId}/events'), '#/components/responses/NotFoundInStream');
    assert.equal(NotFoundInStream.content['application/json'].schema.anyOf.length, 2);
  },
);

const errors = {
  body: { error: { code: '$http_status', reason: '$reason', request: '$request_id' } },
  invalid: { detail: '$violations' },
  violation: { loc: '$path', msg: '$description' },
};

document('errors have the shape of the template, and a status is told as the one that it is', () => {
  const { components, paths }: Document = describePackage(thingsImage, 'things.v1', {
    errors,
    invalidStatus: 422,
  });
  assert.equal(components.schemas.Error404, {
    type: 'object',
    properties: {
      error: {
        type: 'object',
        properties: { code: { const: 404 }, reason: { type: 'string' }, request: { type: 'string' } },
        required: ['code', 'reason'],
        additionalProperties: false,
      },
    },
    required: ['error'],
    additionalProperties: false,
  });
  const { 400: badPath, 422: invalid } = paths['/v1/things/{thingId}'].get.responses;
  for (const { $ref } of [badPath, invalid]) {
    const response = components.responses[$ref.split('/').at(-1)];
    assert.equal(response.content['application/json'].schema, { $ref: '#/components/schemas/InvalidError' });
  }
  const detail = components.schemas.InvalidError.properties.detail;
  assert.is(detail.minItems, 1);
  assert.equal(detail.items.required, ['loc', 'msg']);
});

document('a status that comes from several codes has the shapes of all of them', () => {
  const { components, paths }: Document = describePackage(thingsImage, 'things.v1', { errors });
  // A change may find the resource in the wrong state, which is 400 too.
  const { $ref } = paths['/v1/things/{thingId}'].put.responses[400];
  const response = components.responses[$ref.split('/').at(-1)];
  assert.equal(response.content['application/json'].schema.anyOf, [
    { $ref: '#/components/schemas/InvalidError' },
    { $ref: '#/components/schemas/Error400' },
  ]);
});

document('only what can fail in a way says so', () => {
  const statuses = (path: string, method: string) => Object.keys(operation(path, method).responses).join(' ');
  assert.is(statuses('/v1/things', 'get'), '200 400 401 403 429 431 500 503 504');
  assert.is(statuses('/v1/things', 'post'), '201 400 401 403 404 409 413 429 431 500 503 504');
  assert.is(statuses('/v1/things/{thingId}', 'put'), '200 400 401 403 404 409 412 413 429 431 500 503 504');
});

document('a list of all is 404 only where it says that it can be', () => {
  const image = buildImage({
    'lists.v1': `
service Lists {
  rpc ListSome(ListRequest) returns (ListResponse) {
    option (google.api.http) = {get: "/v1/some"};
    option (facet.http.v1.method) = {can_miss: true};
  }
  rpc ListOthers(ListRequest) returns (ListResponse) { option (google.api.http) = {get: "/v1/others"}; }
}
message ListRequest { string after = 1; }
message ListResponse { repeated string ids = 1; }
`,
  });
  const { paths }: Document = describePackage(image, 'lists.v1');
  assert.ok('404' in paths['/v1/some'].get.responses);
  assert.not.ok('404' in paths['/v1/others'].get.responses);
});

document('headers of errors are those that the settings add', () => {
  const { responses }: Document = describePackage(thingsImage, 'things.v1', {
    challenge: 'Bearer realm="things"',
    retryAfter: true,
    errorHeaders: { '409': { 'x-should-retry': 'false' } },
  }).components;
  assert.equal(responses.Unauthorized.headers['WWW-Authenticate'].schema, { const: 'Bearer realm="things"' });
  assert.equal(responses.TooManyRequests.headers['Retry-After'].required, true);
  assert.equal(responses.Conflict.headers['x-should-retry'].schema, { const: 'false' });
  assert.equal(Object.keys(responses.MethodNotAllowed.headers), ['Allow']);
});

const shapes: Document = describePackage(
  buildImage({
    'shapes.v1': `
import "google/protobuf/duration.proto";
import "google/protobuf/timestamp.proto";
// What shapes there are.
service Shapes {
  // Get one. There may
  // be none.
  rpc Get(GetShape) returns (Shape) {
    option (google.api.http) = {get: "/v1/{name=shelves/*/shapes/*}:look"};
    option (facet.http.v1.method) = {scope: SCOPE_PUBLIC};
  }
  rpc Change(ChangeShape) returns (Shape) {
    option (google.api.http) = {patch: "/v1/shapes/{shape.id}" body: "shape"};
    option (facet.http.v1.method) = {scope: SCOPE_WRITE};
  }
  rpc Old(Lookup) returns (google.api.HttpBody) {
    option deprecated = true;
    option (google.api.http) = {get: "/v1/shapes/{id}"};
  }
}
message GetShape { string name = 1; Filter filter = 2; map<string, string> labels = 3; repeated Shape not_text = 4; }
message Filter { google.protobuf.Duration age = 1; google.protobuf.Struct free = 2; Filter inner = 3; }
message ChangeShape { Shape shape = 1; google.protobuf.FieldMask update_mask = 2; }
message Lookup { string id = 1; oneof by { string one = 2; int64 other = 3; } }
// A shape.
message Shape {
  string id = 1;
  // How large it is.
  // It is counted.
  //
  // In all.
  int64 size = 2;
  google.protobuf.Timestamp made_at = 3;
  oneof kind { string round = 4; Shape edged = 5; }
  double angle = 6;
  google.protobuf.Int64Value count = 7;
}
`,
  }),
  'shapes.v1',
);

document('paths are written segment by segment, and those of one shape have the same parameters', () => {
  assert.equal(Object.keys(shapes.paths), ['/v1/shelves/{name}/shapes/{name2}:look', '/v1/shapes/{shapeId}']);
  assert.equal(named(shapes.paths['/v1/shapes/{shapeId}'].get.parameters, 'path'), ['shapeId']);
});

document('comments are summaries and descriptions', () => {
  const get = shapes.paths['/v1/shelves/{name}/shapes/{name2}:look'].get;
  assert.equal([get.summary, get.description], ['Get one', 'Get one. There may be none.']);
  assert.is(shapes.components.schemas.Shape.description, 'A shape.');
  assert.is(
    shapes.components.schemas.Shape.properties.size.description,
    'How large it is. It is counted.\n\nIn all.',
  );
  assert.equal(shapes.tags, [{ name: 'Shapes', description: 'What shapes there are.' }]);
});

document('query parameters are fields by their paths, as far as text can stand for them', () => {
  const { parameters } = shapes.paths['/v1/shelves/{name}/shapes/{name2}:look'].get;
  const query = parameters.filter(({ in: place }: Document) => place === 'query');
  assert.equal(query, [
    { name: 'filter.age', in: 'query', schema: { type: 'string' } },
    { name: 'filter.free', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } },
    {
      name: 'labels',
      in: 'query',
      style: 'deepObject',
      explode: true,
      schema: { type: 'object', additionalProperties: { type: 'string' } },
    },
  ]);
});

document('64-bit integers are text in answers and either in requests', () => {
  const { Shape, ShapeInput } = shapes.components.schemas;
  assert.is(Shape.properties.size.type, 'string');
  assert.equal(Shape.properties.count.type, ['string', 'null']);
  assert.equal(ShapeInput.properties.size.type, ['integer', 'string', 'null']);
  assert.equal(Shape.properties.angle.anyOf[1], { enum: ['NaN', 'Infinity', '-Infinity'] });
});

document('of a choice one member is there at most', () => {
  const { Shape, ShapeInput } = shapes.components.schemas;
  assert.equal(Shape.required, ['id', 'size', 'madeAt', 'angle', 'count']);
  assert.equal(ShapeInput.oneOf, [
    { required: ['round'] },
    { required: ['edged'] },
    { not: { anyOf: [{ required: ['round'] }, { required: ['edged'] }] } },
  ]);
  const { parameters } = shapes.paths['/v1/shapes/{shapeId}'].get;
  assert.is(parameters.at(-1).description, 'At most one of `one`, `other`.');
});

document(
  "a PATCH with grpc-gateway's own mask refuses keys that are not known, and has the mask in its query",
  () => {
    const { requestBody, parameters } = shapes.paths['/v1/shapes/{shapeId}'].patch;
    assert.equal(named(parameters, 'query'), ['updateMask']);
    const name = requestBody.content['application/json'].schema.$ref.split('/').at(-1);
    const body = shapes.components.schemas[name];
    assert.is(body.additionalProperties, false);
    assert.not('id' in body.properties);
  },
);

document('raw bodies have no schema, methods without a key no security, and old methods are marked', () => {
  const old = shapes.paths['/v1/shapes/{shapeId}'].get;
  assert.equal([old.responses[200].content, old.deprecated], [{ '*/*': {} }, true]);
  assert.equal(shapes.paths['/v1/shelves/{name}/shapes/{name2}:look'].get.security, []);
  assert.equal(shapes.paths['/v1/shapes/{shapeId}'].patch.security, [{ key: ['write'] }]);
  assert.not(401 in shapes.paths['/v1/shelves/{name}/shapes/{name2}:look'].get.responses);
});

document('a contract that is not there is refused', () => {
  assert.throws(() => describePackage(thingsImage, 'nothing.v1'), /no service is in the package/);
});

document.run();
