import { createFileRegistry, fromBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import { buildImage } from './support/build-image.js';
import { send } from './support/http-client.js';
import { createLocalTransport } from './support/local-transport.js';

const image = buildImage({
  'parts.v1': `
    import "google/protobuf/timestamp.proto";
    message Request {
      string id = 1; repeated string tags = 2; google.protobuf.Timestamp at = 3; Inner inner = 4; int32 size = 5;
      google.protobuf.StringValue note = 6;
      oneof choice { string left = 7; string right = 8; }
      google.protobuf.FieldMask update_mask = 9;
    }
    message Inner { string name = 1; string other = 2; repeated string list = 3; }
    service Parts {
      rpc Tags(Request) returns (Request) { option (google.api.http) = {post: "/v1/tags/{tags}/{at}/{size}" body: "*"}; }
      rpc Note(Request) returns (Request) { option (google.api.http) = {post: "/v1/note/{note}" body: "*"}; }
      rpc Inner(Request) returns (Request) { option (google.api.http) = {post: "/v1/inner/{inner.name}" body: "inner"}; }
      rpc Left(Request) returns (Request) { option (google.api.http) = {post: "/v1/left/{left}" body: "*"}; }
      rpc Patch(Request) returns (Request) { option (google.api.http) = {patch: "/v1/patch" body: "inner"}; }
    }`,
});
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
const type = registry.getMessage('parts.v1.Request');

const test = suite<{ server: GatewayServer }>('body, query and path together');
test.before(async (context) => {
  const transport = createLocalTransport(async function* (_path, requests, call) {
    for await (const bytes of requests) {
      if (type !== undefined)
        call.header.push(['seen', JSON.stringify(toJson(type, fromBinary(type, bytes)))]);
      yield new Uint8Array();
    }
  });
  const handler = createGateway({ image, transport });
  context.server = await startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
});
test.after(({ server }) => server.close());

const seen = async (port: number, path: string, body: object, method = 'POST') => {
  const answer = await send(port, path, { method, body: JSON.stringify(body) });
  return JSON.parse(String(answer.headers['grpc-metadata-seen'] ?? answer.text));
};

test('the path replaces what the body says, zero, lists and messages too', async ({ server }) => {
  const body = { tags: ['x', 'y'], at: '2001-01-01T00:00:00.5Z', size: 5, id: 'kept' };
  assert.equal(await seen(server.port, '/v1/tags/a,b/2024-01-02T03:04:05Z/0', body), {
    id: 'kept',
    tags: ['a', 'b'],
    at: '2024-01-02T03:04:05Z',
  });
  assert.equal(await seen(server.port, '/v1/note/n', { note: 'body' }), { note: 'n' });
  assert.equal(await seen(server.port, '/v1/left/l', { right: 'r' }), { left: 'l' });
});

test('an empty mask in the query leaves the one that the body makes', async ({ server }) => {
  for (const [query, mask] of [
    ['', 'name'],
    ['?updateMask.nope=1', 'name'],
    ['?updateMask=other', 'other'],
  ]) {
    const { updateMask } = await seen(server.port, `/v1/patch${query}`, { name: 'n' }, 'PATCH');
    assert.is(updateMask, mask, query);
  }
});

test('a path below the body’s field joins it, and the query adds what is beside it', async ({ server }) => {
  const body = { name: 'body', other: 'o', list: ['1'] };
  assert.equal(await seen(server.port, '/v1/inner/p?inner.other=query&size=3&tags=q', body), {
    inner: { name: 'p', other: 'o', list: ['1'] },
    size: 3,
    tags: ['q'],
  });
});

test.run();
