import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from '../../src/gen/grpc/reflection/v1/reflection.js';
import { type GrpcServer, startGrpcServer } from '../../src/rpc/grpc/server.js';
import { reflectionServices } from '../../src/rpc/reflection.js';
import { service } from '../../src/rpc/service.js';
import { dial } from './lab/client.js';
import { createLab, LabDefinition, labImage, plain } from './lab/lab.js';

const reflection = suite<{ grpc: GrpcServer }>('reflection');
const LAB = 'facet.lab.v1.LabService';

reflection.before(async (context) => {
  const { pipeline } = createLab(
    {},
    { services: [service(LabDefinition, plain), ...reflectionServices(labImage, [LAB])] },
  );
  context.grpc = await startGrpcServer(pipeline, { address: '127.0.0.1:0' });
});
reflection.after(async ({ grpc }) => grpc.stop(200));

/** Asks over one real call, without a key, as grpcurl does. */
async function ask(
  { grpc }: { grpc: GrpcServer },
  requests: Partial<ServerReflectionRequest>[],
  version = 'v1',
): Promise<ServerReflectionResponse[]> {
  const client = dial(grpc.address);
  const stream = client.open(`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, {
    key: '',
  });
  const answers: ServerReflectionResponse[] = [];
  stream.call.on('data', (chunk: Buffer) => answers.push(ServerReflectionResponse.decode(chunk)));
  for (const request of requests)
    stream.send(ServerReflectionRequest.encode({ host: 'h', ...request }).finish());
  stream.finish();
  assert.is((await stream.end).code, 0);
  client.close();
  return answers;
}

function filesOf(answer: ServerReflectionResponse | undefined): FileDescriptorProto[] {
  const files = answer?.fileDescriptorResponse?.fileDescriptorProto ?? [];
  return files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
}

for (const version of ['v1', 'v1alpha']) {
  reflection(`${version} lists the services, itself among them`, async (context) => {
    const [answer] = await ask(context, [{ listServices: '*' }], version);
    assert.equal(
      answer?.listServicesResponse?.service.map(({ name }) => name),
      [LAB, 'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection'],
    );
    assert.is(answer?.validHost, 'h');
    assert.ok(answer?.originalRequest);
  });

  reflection(`${version} describes a service with all that it needs`, async (context) => {
    const [answer] = await ask(context, [{ fileContainingSymbol: LAB }], version);
    const file = filesOf(answer);
    assert.is(file[0]?.name, 'facet/lab/v1/lab.proto');
    // Builds only when every import is there, the well-known types too; the order is the client's affair.
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: file.reverse() }));
    assert.ok(registry.getService(LAB));
    assert.ok(registry.getMessage('google.protobuf.Timestamp'));
    assert.ok(registry.getExtension('facet.http.v1.method'));
  });
}

reflection('comments come along', async (context) => {
  const [answer] = await ask(context, [{ fileContainingSymbol: 'grpc.health.v1.Health' }]);
  const comments = filesOf(answer)[0]?.sourceCodeInfo?.location.map(({ leadingComments }) => leadingComments);
  assert.ok(comments?.some((comment) => comment.includes('health')));
});

reflection('a file is found by its name, by what is in it, and by its extensions', async (context) => {
  const answers = await ask(context, [
    { fileByFilename: 'google/protobuf/struct.proto' },
    { fileContainingSymbol: 'facet.lab.v1.Request.text' },
    { fileContainingSymbol: `${LAB}.Echo` },
    { fileContainingExtension: { containingType: 'google.protobuf.MethodOptions', extensionNumber: 50101 } },
  ]);
  assert.equal(
    answers.map((answer) => filesOf(answer)[0]?.name),
    [
      'google/protobuf/struct.proto',
      'facet/lab/v1/lab.proto',
      'facet/lab/v1/lab.proto',
      'facet/http/v1/options.proto',
    ],
  );
});

reflection('within one call the same import is sent once', async (context) => {
  const [first, second] = await ask(context, [{ fileContainingSymbol: LAB }, { fileContainingSymbol: LAB }]);
  assert.ok(filesOf(first).length > 5);
  assert.is(filesOf(second).length, 1);
});

reflection('the extensions of a type are numbered', async (context) => {
  const [answer] = await ask(context, [{ allExtensionNumbersOfType: 'google.protobuf.MethodOptions' }]);
  assert.equal(answer?.allExtensionNumbersResponse?.extensionNumber.sort(), [50101, 72295728]);
});

reflection('what is not there is answered so, and the call goes on', async (context) => {
  const answers = await ask(context, [
    { fileContainingSymbol: 'facet.lab.v1.Nope' },
    { fileContainingSymbol: '' },
    { fileContainingSymbol: '__proto__' },
    { fileByFilename: 'nope.proto' },
    { fileContainingExtension: { containingType: 'a.B', extensionNumber: -1 } },
    { allExtensionNumbersOfType: 'a.B' },
    {},
    { listServices: '' },
  ]);
  assert.equal(
    answers.map(({ errorResponse }) => errorResponse?.errorCode),
    [5, 5, 5, 5, 5, 5, 3, undefined],
  );
});

reflection.run();
