/** A request that both gateways get. `{{…}}` in its path and body stands for what the world provides. */
export interface PeerRequest {
  /** Unlike all others' of its contract. */
  readonly title: string;
  /** The name of the method that it leads to, where it leads to one. */
  readonly rpc?: string;
  readonly method: string;
  /** Path and query, without a contract's prefix. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Objects are sent as JSON. */
  readonly body?: string | Uint8Array | object;
  /** Another Authorization than the key's; '' is none. */
  readonly authorization?: string;
  /** Whether the answer is a stream of JSON lines. */
  readonly stream?: boolean;
  /** What ours answers where it differs on purpose and no rule can tell it from the peer's answer, if it does. */
  readonly differs?: Declared;
}

/** A deliberate difference of one request. */
export interface Declared {
  readonly reason: Reason;
  /** The status that ours has, or those of which it has one. */
  readonly status: number | readonly number[];
  /** What ours must hold beside it: members of the body, or 'empty'. */
  readonly body?: Readonly<Record<string, unknown>> | 'empty';
}

/** Why ours differs from grpc-gateway, each what its users ask for. */
export const REASONS = {
  'wrong method': 'a known path with another method is 405 with Allow, not 501; OPTIONS is 204 with Allow',
  head: 'HEAD is answered as GET, without its body',
  paths: 'a slash may end a path, %2F stays inside its segment, and an empty segment is no value',
  'malformed path': 'a path that cannot be decoded is an error in JSON too',
  'unused query': 'a malformed query is refused also where no field can be set by it',
  'path before query':
    'the query cannot set what the path has set, nor anything below it, however it is spelled',
  'trailing data': 'data after the first JSON value is an error',
  'invalid UTF-8': 'bytes that are not UTF-8 are the caller’s fault: 400',
  nesting: 'JSON nests at most 64 levels',
  'large body': 'a body has at most 1 MiB',
  'large headers': 'at most 16 KiB of headers go on as metadata',
  wording: 'what a gateway finds wrong by itself it says in its own words',
  challenge: 'WWW-Authenticate is a challenge, not the error’s message',
  'retry after': '429 and 503 carry Retry-After',
  reasons: 'a stale etag is 412, and a reused idempotency key 422',
  'headers in': 'If-Match, Idempotency-Key, X-Request-Id and others that are listed reach the service',
  'headers out': 'ETag, X-Request-Id and others that are listed come back without a prefix',
  plumbing: 'headers of the gRPC connection itself are not passed on',
  'event streams':
    'a stream comes as server-sent events, or under the name of x-ndjson, where that is asked for',
  'request ids': 'every error has the request’s id, also where no call was made',
  names: 'a contract may have the names of its proto file',
  'bare lines': 'in a contract a line of a stream is the message itself',
  'success status': 'a contract’s method has its documented status',
  'error shape': 'a contract has its documented error body and statuses',
  'form posts':
    'a form posted to what can be read is served as GET; Go does so, or not, as its map is ordered',
  'strict types': 'a contract takes its own types and names only, and reports all breaches at once',
  'side doors': 'a contract lets in no Grpc-Metadata-*, form posts or method overrides',
  'unknown keys': 'a contract that refuses unknown keys names them, before it asks for what is missing',
  'list body': 'where a contract’s body is a list, one must be given',
  links: 'Location and Link are resolved against the path of the request',
  'empty query': 'in a contract an empty query value counts as absent',
  'mask from body': 'a contract’s update changes the keys that are there',
} as const;

export type Reason = keyof typeof REASONS;
