import type { BidiHandler, Call, ClientStreamHandler, ServerStreamHandler, UnaryHandler } from './call.js';

/** A message type as ts-proto generates it. `never` and `unknown` let every message type in. */
interface Codec {
  encode(message: never): { finish(): Uint8Array };
  decode(input: Uint8Array): unknown;
}

interface MethodDefinition {
  readonly name: string;
  readonly requestType: Codec;
  readonly requestStream: boolean;
  readonly responseType: Codec;
  readonly responseStream: boolean;
}

/** A service as ts-proto's generic-definitions describe it. */
export interface ServiceDefinition {
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

type Input<M extends MethodDefinition> = ReturnType<M['requestType']['decode']>;
type Output<M extends MethodDefinition> = Parameters<M['responseType']['encode']>[0];

type HandlerOf<M extends MethodDefinition> = M extends { requestStream: true; responseStream: true }
  ? BidiHandler<Input<M>, Output<M>>
  : M extends { requestStream: true }
    ? ClientStreamHandler<Input<M>, Output<M>>
    : M extends { responseStream: true }
      ? ServerStreamHandler<Input<M>, Output<M>>
      : UnaryHandler<Input<M>, Output<M>>;

/** One handler for each method of the service; a missing or mistyped one does not compile. */
export type Implementation<S extends ServiceDefinition> = {
  readonly [K in keyof S['methods']]: HandlerOf<S['methods'][K]>;
};

/** A method with its handler, its message types forgotten. */
export interface BoundMethod {
  readonly name: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  decode(bytes: Uint8Array): unknown;
  encode(message: unknown): Uint8Array;
  /** Takes a message or an iterable of them, and gives a promise of a message or an iterable of them. */
  readonly handler: (input: unknown, call: Call) => unknown;
}

export interface Service {
  readonly fullName: string;
  /** Whether every method may be called without a key, whatever the proto says. */
  readonly open: boolean;
  readonly methods: readonly BoundMethod[];
}

/**
 * Binds handlers to a generated service definition:
 *
 *     service(GreeterDefinition, { greet: async (request, call) => ({ text: `Hello ${request.name}` }) })
 *
 * @param options `open`: the service needs no key, as health and reflection
 */
export function service<S extends ServiceDefinition>(
  definition: S,
  implementation: Implementation<S>,
  options: { readonly open?: boolean } = {},
): Service {
  const handlers = implementation as Readonly<Record<string, BoundMethod['handler']>>;
  const methods = Object.entries(definition.methods).map(
    ([key, { name, requestType, requestStream, responseType, responseStream }]): BoundMethod => ({
      name,
      requestStream,
      responseStream,
      decode: (bytes) => requestType.decode(bytes),
      encode: (message) => responseType.encode(message as never).finish(),
      handler: handlers[key]!,
    }),
  );
  return { fullName: definition.fullName, open: options.open ?? false, methods };
}
