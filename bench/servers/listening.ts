/** What a server of a benchmark says once it listens on 127.0.0.1. */
export interface Listening {
  /** The port for HTTP, where there is one. */
  readonly http?: number;
  /** "host:port" for gRPC, where there is one. */
  readonly grpc?: string;
  /** The process that works, where it is not the child itself. */
  readonly pid?: number;
  /** A key with all scopes. */
  readonly key?: string;
  /** The identities that are there. */
  readonly ids?: readonly string[];
}
