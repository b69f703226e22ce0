import type { Logger } from 'pino';

/** What a key may do. A method names the one it needs, in its proto option. */
export type Scope = 'read' | 'write' | 'admin';

/** Who is calling, as the credentials of the call say. */
export interface Principal {
  readonly tenant: string;
  /** The key's id or the token's subject, for logs. */
  readonly subject: string;
  readonly scopes: readonly Scope[];
}

/**
 * Who holds the token of an Authorization header; undefined where it is no valid one. `hops` are the addresses that
 * the call was forwarded for.
 */
export type Authenticate = (token: string, hops: readonly string[]) => Promise<Principal | undefined>;

/** What a handler knows of the call besides its message. */
export interface Call {
  /** The full method name, "/package.Service/Method". */
  readonly method: string;
  /** Also sent to the caller, as x-request-id. */
  readonly requestId: string;
  readonly principal: Principal;
  /** Aborted when the caller has gone, the deadline has passed or the service shuts down. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch; Infinity for a stream whose caller set none. */
  readonly deadline: number;
  readonly log: Logger;
  /** A text header of the request, by its lower-case name: all its values as one list (RFC 9110 5.3). */
  header(name: string): string | undefined;
  /** Adds a header to the answer. Before the first message only. */
  setHeader(name: string, value: string): void;
}

export type UnaryHandler<I, O> = (request: I, call: Call) => Promise<O>;
export type ServerStreamHandler<I, O> = (request: I, call: Call) => AsyncIterable<O>;
export type ClientStreamHandler<I, O> = (requests: AsyncIterable<I>, call: Call) => Promise<O>;
export type BidiHandler<I, O> = (requests: AsyncIterable<I>, call: Call) => AsyncIterable<O>;
