import { type DescFile, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code } from '../gen/google/rpc/code.js';
import {
  ServerReflectionDefinition,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '../gen/grpc/reflection/v1/reflection.js';
import { ServerReflectionDefinition as AlphaDefinition } from '../gen/grpc/reflection/v1alpha/reflection.js';
import { type Image, readDescribedImage } from './image.js';
import { type Service, service } from './service.js';

type Answer = Omit<ServerReflectionResponse, 'validHost' | 'originalRequest'>;

/**
 * Server reflection, v1 and v1alpha, out of the image's own descriptors, comments included.
 * See grpc/reflection/v1/reflection.proto.
 *
 * @param services full names of the services to list
 */
export function reflectionServices(imageBytes: Uint8Array, services: readonly string[]): Service[] {
  let image: Image | undefined;
  const listed = [ServerReflectionDefinition.fullName, AlphaDefinition.fullName, ...services].sort();
  async function* serverReflectionInfo(requests: AsyncIterable<ServerReflectionRequest>) {
    // One answer to a connection does not send the same file twice.
    const sent = new Set<DescFile>();
    // Read when somebody first asks.
    image ??= readDescribedImage(imageBytes);
    for await (const request of requests) {
      yield { validHost: request.host, originalRequest: request, ...answer(image, listed, request, sent) };
    }
  }
  return [
    service(ServerReflectionDefinition, { serverReflectionInfo }, { open: true }),
    service(AlphaDefinition, { serverReflectionInfo }, { open: true }),
  ];
}

function answer(
  image: Image,
  listed: readonly string[],
  request: ServerReflectionRequest,
  sent: Set<DescFile>,
): Answer {
  if (request.listServices !== undefined) {
    return { listServicesResponse: { service: listed.map((name) => ({ name })) } };
  }
  if (request.fileByFilename !== undefined) {
    return files(image.getFile(request.fileByFilename), request.fileByFilename, sent);
  }
  if (request.fileContainingSymbol !== undefined) {
    return files(fileOfSymbol(image, request.fileContainingSymbol), request.fileContainingSymbol, sent);
  }
  if (request.fileContainingExtension !== undefined) {
    const { containingType, extensionNumber } = request.fileContainingExtension;
    const extension = extensionsOf(image, containingType).find(({ number }) => number === extensionNumber);
    return files(extension?.file, `extension ${extensionNumber} of ${containingType}`, sent);
  }
  const baseTypeName = request.allExtensionNumbersOfType;
  if (baseTypeName === undefined) return failed(Code.INVALID_ARGUMENT, 'nothing is asked for');
  if (image.getMessage(baseTypeName) === undefined)
    return failed(Code.NOT_FOUND, `not found: ${baseTypeName}`);
  const extensionNumber = extensionsOf(image, baseTypeName).map(({ number }) => number);
  return { allExtensionNumbersResponse: { baseTypeName, extensionNumber } };
}

/** The file with all that it imports, each before its own imports, so that a client need not ask again. */
function files(file: DescFile | undefined, name: string, sent: Set<DescFile>): Answer {
  if (file === undefined) return failed(Code.NOT_FOUND, `not found: ${name}`);
  const wanted = new Set<DescFile>();
  const gather = (each: DescFile) => {
    for (const dependency of each.dependencies) if (!wanted.has(dependency)) gather(dependency);
    wanted.add(each);
  };
  gather(file);
  const fresh = [...wanted].reverse().filter((each) => each === file || !sent.has(each));
  for (const each of fresh) sent.add(each);
  const fileDescriptorProto = fresh.map((each) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, each.proto)),
  );
  return { fileDescriptorResponse: { fileDescriptorProto } };
}

/** Types, services and extensions by their full names; methods, fields and enum values by their parents'. */
function fileOfSymbol(image: Image, symbol: string): DescFile | undefined {
  const parent = symbol.slice(0, Math.max(symbol.lastIndexOf('.'), 0));
  return (image.get(symbol) ?? image.get(parent))?.file;
}

function extensionsOf(image: Image, typeName: string) {
  return [...image]
    .filter((type) => type.kind === 'extension')
    .filter(({ extendee }) => extendee.typeName === typeName);
}

function failed(errorCode: number, errorMessage: string): Answer {
  return { errorResponse: { errorCode, errorMessage } };
}
