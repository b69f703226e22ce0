import { type CallOptions, Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ServiceDefinition } from '../../src/rpc/service.js';

type MethodOf<S extends ServiceDefinition> = S['methods'][keyof S['methods']];
type In<M extends MethodOf<ServiceDefinition>> = Partial<ReturnType<M['requestType']['decode']> & object>;
type Out<M extends MethodOf<ServiceDefinition>> = ReturnType<M['responseType']['decode']>;

/** A method of the service as a function: a promise for unary ones, an iterable for server streams. */
export type GrpcClient<S extends ServiceDefinition> = {
  readonly [K in keyof S['methods']]: S['methods'][K] extends { responseStream: true }
    ? (request: In<S['methods'][K]>) => AsyncIterable<Out<S['methods'][K]>> & { cancel(): void }
    : (request: In<S['methods'][K]>, options?: CallOptions) => Promise<Out<S['methods'][K]>>;
} & { close(): void };

/** A real gRPC client with a key. Failures reject with grpc-js's ServiceError. */
export function grpcClient<S extends ServiceDefinition>(
  definition: S,
  address: string,
  key: string | undefined,
  headers: Record<string, string> = {},
): GrpcClient<S> {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const metadata = new Metadata();
  if (key !== undefined) metadata.set('authorization', `Bearer ${key}`);
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const methods = Object.entries(definition.methods).map(([name, method]) => {
    const path = `/${definition.fullName}/${method.name}`;
    const full = (request: object) => ({
      ...(method.requestType.decode(new Uint8Array()) as object),
      ...request,
    });
    const write = (request: object) =>
      Buffer.from(method.requestType.encode(full(request) as never).finish());
    const read = (bytes: Buffer) => method.responseType.decode(bytes);
    const unary = (request: object, options: CallOptions = {}) =>
      new Promise((resolve, reject) => {
        const done = (error: ServiceError | null, answer?: unknown) =>
          error ? reject(error) : resolve(answer);
        client.makeUnaryRequest(path, write, read, request, metadata, options, done);
      });
    const stream = (request: object) => client.makeServerStreamRequest(path, write, read, request, metadata);
    return [name, method.responseStream ? stream : unary];
  });
  return { ...Object.fromEntries(methods), close: () => client.close() } as GrpcClient<S>;
}

/** The reason in a failed call's google.rpc.ErrorInfo, as text to look into. */
export function failureText(error: unknown): string {
  const details = (error as ServiceError).metadata?.get('grpc-status-details-bin')[0] as Buffer | undefined;
  return `${(error as ServiceError).code} ${details?.toString('latin1') ?? ''}`;
}
