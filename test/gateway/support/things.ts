import { create, createFileRegistry, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createGateway } from '../../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../../gateway/server.js';
import type { SettingsInput } from '../../../gateway/settings.js';
import type { CallStatus } from '../../../gateway/transport.js';
import { BadRequest, ErrorInfo, RetryInfo } from '../../../src/gen/google/rpc/error_details.js';
import { Status } from '../../../src/gen/google/rpc/status.js';
import { buildImage } from './build-image.js';
import { createLocalTransport, type ServiceCall, ServiceFailure } from './local-transport.js';

/** A small documented API that asks of the gateway what contracts ask. */
export const thingsProto = `
service Things {
  rpc Create(CreateThing) returns (Thing) {
    option (google.api.http) = {post: "/v1/things" body: "*" additional_bindings {post: "/admin/things" body: "*"}};
    option (facet.http.v1.method) = {success_status: 201 repeatable: true};
  }
  rpc Get(GetThing) returns (Thing) { option (google.api.http) = {get: "/v1/things/{thing_id}"}; }
  rpc List(ListThings) returns (ThingList) {
    option (google.api.http) = {get: "/v1/things" response_body: "things"};
  }
  rpc Update(UpdateThing) returns (Thing) {
    option (google.api.http) = {put: "/v1/things/{thing_id}" body: "thing" additional_bindings {patch: "/v1/things/{thing_id}" body: "thing"}};
    option (facet.http.v1.method) = {mask_from_body: MASK_FROM_BODY_KEYS};
  }
  rpc Merge(UpdateThing) returns (Thing) {
    option (google.api.http) = {patch: "/v1/things/{thing_id}/merge" body: "thing"};
    option (facet.http.v1.method) = {mask_from_body: MASK_FROM_BODY_VALUES};
  }
  rpc Parts(PutParts) returns (Thing) {
    option (google.api.http) = {put: "/v1/things/{thing_id}/parts" body: "parts"};
  }
  rpc Delete(GetThing) returns (google.protobuf.Empty) {
    option (google.api.http) = {delete: "/v1/things/{thing_id}"};
    option (facet.http.v1.method) = {success_status: 204};
  }
  rpc Clear(ListThings) returns (Cleared) {
    option (google.api.http) = {delete: "/v1/things" response_body: "nothing"};
  }
  rpc Fail(FailThing) returns (Thing) {
    option (google.api.http) = {get: "/v1/fail/{code}" additional_bindings {post: "/v1/fail/{code}"}};
  }
  rpc FailBody(FailBodyThing) returns (Thing) { option (google.api.http) = {post: "/v1/failbody" body: "thing"}; }
  rpc Watch(WatchThing) returns (stream Event) {
    option (google.api.http) = {get: "/v1/things/{thing_id}/events"};
    option (facet.http.v1.method) = {event_id_field: "sequence" resume_field: "after_sequence"};
  }
}
message Thing {
  string thing_id = 1;
  string full_name = 2;
  google.protobuf.StringValue note = 3;
  repeated Part parts = 4;
  optional int32 size = 5;
}
message Part { string part_name = 1; int32 amount = 2; }
message CreateThing { string full_name = 1; repeated Part parts = 2; optional int32 size = 3; Part main_part = 4; }
message GetThing { string thing_id = 1; }
message ListThings { optional int32 page_size = 1; string name = 2 [json_name = "filter[name]"]; }
message ThingList { repeated Thing things = 1; }
message UpdateThing { string thing_id = 1; ThingChange thing = 2; google.protobuf.FieldMask update_mask = 3; }
message ThingChange { optional string full_name = 1; google.protobuf.StringValue note = 2; optional int32 size = 3; }
message PutParts { string thing_id = 1; repeated Part parts = 2; }
message Cleared { google.protobuf.Value nothing = 1; }
message FailThing { int32 code = 1; string reason = 2; string field = 3; int32 retry_ms = 4; }
message FailBodyThing { Thing thing = 1; string field = 2; }
message WatchThing { string thing_id = 1; int32 after_sequence = 2; int32 count = 3; int32 pause_ms = 4; int32 fail = 5; }
message Event { int32 sequence = 1; string state_name = 2; }
`;

export const thingsImage = buildImage({ 'things.v1': thingsProto });
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, thingsImage));

// biome-ignore lint/suspicious/noExplicitAny: the messages are known at run time only.
type Fields = any;

/** Answers with what it was given; every request is told as JSON in the header x-received. */
export async function* serveThings(
  path: string,
  requests: AsyncIterable<Uint8Array>,
  call: ServiceCall,
): AsyncGenerator<Uint8Array> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const method = registry.getService('things.v1.Things')?.methods.find((each) => each.name === name);
  if (method === undefined) throw new Error(`no method ${path}`);
  let request: Fields;
  for await (const bytes of requests) request ??= fromBinary(method.input, bytes);
  call.header.push(['x-received', JSON.stringify(toJson(method.input, request, { registry }))]);
  call.header.push(['x-metadata', JSON.stringify(call.metadata.map(([key, value]) => [key, String(value)]))]);
  for await (const answer of answers(name, request, call)) {
    yield toBinary(method.output, create(method.output, answer));
  }
}

async function* answers(name: string, request: Fields, call: ServiceCall): AsyncGenerator<Fields> {
  if (name === 'Fail') throw fail(request.code, request);
  if (name === 'FailBody') throw fail(3, request);
  if (name === 'Watch') return yield* events(request, call);
  if (name === 'Create') call.header.push(['location', `things/7`], ['etag', '"1"'], ['secret', 's']);
  if (name === 'List')
    call.header.push(['link', '<?page=2>; rel="next", </abs>; rel="first"'], ['x-total-count', '2']);
  if (name === 'List') return yield { things: [{ thingId: 'a' }] };
  yield { thingId: request.thingId, fullName: request.fullName ?? '' };
}

async function* events(request: Fields, { signal }: ServiceCall): AsyncGenerator<Fields> {
  for (let sequence = request.afterSequence + 1; sequence <= request.count; sequence++) {
    if (request.pauseMs > 0) await pause(request.pauseMs, signal);
    yield { sequence, stateName: `state ${sequence}` };
  }
  if (request.fail > 0) throw fail(request.fail, { reason: 'BROKEN' });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('aborted'));
    });
  });
}

function fail(code: number, { reason = '', field = '', retryMs = 0 }: Fields): ServiceFailure {
  const details: { typeUrl: string; value: Buffer }[] = [];
  const add = (name: string, bytes: Uint8Array) =>
    details.push({ typeUrl: `type.googleapis.com/google.rpc.${name}`, value: Buffer.from(bytes) });
  if (reason !== '') add('ErrorInfo', ErrorInfo.encode({ reason, domain: 'things', metadata: {} }).finish());
  if (field !== '') {
    const violation = {
      field,
      description: 'must be better',
      reason: 'string.better',
      localizedMessage: undefined,
    };
    add('BadRequest', BadRequest.encode({ fieldViolations: [violation] }).finish());
  }
  if (retryMs > 0) {
    const retryDelay = { seconds: Math.floor(retryMs / 1000), nanos: (retryMs % 1000) * 1e6 };
    add('RetryInfo', RetryInfo.encode({ retryDelay }).finish());
  }
  const status: CallStatus = {
    code,
    message: 'It failed.',
    details: Status.encode({ code, message: 'It failed.', details }).finish(),
  };
  return new ServiceFailure(status);
}

/** Starts a gateway before the things. */
export function startThings(settings: SettingsInput): Promise<GatewayServer> {
  const handler = createGateway({
    image: thingsImage,
    transport: createLocalTransport(serveThings),
    settings,
  });
  return startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
}
