/** A value that is filtered or sorted by. Texts sort by code point; numbers lie above -2^63; null sorts before everything. */
export type FieldValue = string | number | boolean | null;
export type FieldType = 'text' | 'number' | 'boolean';

/** What an engine indexes of a document. */
export interface Indexed {
  /** Each held by one document per tenant and collection; never empty. JSON arrays as text. */
  readonly claims: readonly string[];
  /** Look-up keys that several documents may share. JSON arrays as text. */
  readonly tokens: readonly string[];
  /** One value for each field that the collection declares. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A kind of document: its name, what is filtered and sorted by, and how that is read off a body. */
export interface Collection<Body> {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Fields that maintenance asks for across tenants: each gets an index of its own for that. */
  readonly everyTenant?: readonly string[];
  /** Pure, and computed anew at every write. */
  readonly index: (body: Body) => Indexed;
  /** How a body is kept, where that is not as it is used; what was kept before stays readable. */
  readonly packing?: {
    readonly pack: (body: Body) => object;
    readonly unpack: (packed: never) => unknown;
  };
}

/** Where a document is: `_id` is `<tenant>/<id>`. */
export interface Key {
  readonly tenant: string;
  readonly id: string;
}

/** A document as stored. `body` is JSON: undefined members are dropped. */
export interface Document<Body> extends Key {
  /** 1 when inserted, one more with every replacement. */
  readonly revision: number;
  readonly body: Body;
}

/** A document among others that were looked for. */
export interface Found<Body> extends Document<Body> {
  /** Roughly the bytes that its body takes, so that a list can end before it grows too large. */
  readonly size: number;
}

/** A test on one field or token; all conditions of a query must hold. */
export type Condition =
  | { readonly field: string; readonly equals: FieldValue }
  | { readonly field: string; readonly in: readonly FieldValue[] }
  /** Bounds; a null field is outside any range, so no bounds at all mean "not null". */
  | { readonly field: string; readonly gte?: string | number; readonly lt?: string | number }
  /** A literal part of a text field. Case counts: store a folded field to ignore it. */
  | { readonly field: string; readonly contains: string }
  | { readonly token: string };

/** Every tenant, for maintenance that no client asks for (expiry, recovery). */
export const EVERY_TENANT: unique symbol = Symbol('every tenant');

/** A page: which documents, in which order, from where. */
export interface Query {
  readonly tenant: string | typeof EVERY_TENANT;
  readonly where?: readonly Condition[];
  /** A declared field or 'id'; ties go by id (across tenants: by key) in the same direction. Default: id, ascending. */
  readonly order?: { readonly field: string; readonly descending: boolean };
  /** Only what comes strictly after this place in the order. Across tenants it needs the tenant, too. */
  readonly after?: { readonly value: FieldValue; readonly id: string; readonly tenant?: string };
  readonly offset?: number;
  /** Nearly every document meets the conditions: the order is to be walked, not sought by them. */
  readonly walk?: boolean;
  readonly limit: number;
}

/** Options of every operation. An aborted signal ends the wait with the signal's reason. */
export interface Wait {
  readonly signal?: AbortSignal | undefined;
}

/** A document that was written, by whichever process. */
export interface Change extends Key {
  /** The newest revision; 0 where there is no document, or no more. */
  readonly revision: number;
}

/** What `watch` is told to look at. */
export interface WatchOptions {
  /** The documents of interest now; asked at every look, so that the set can change. */
  readonly keys: () => readonly Key[];
  /** Milliseconds between two looks where the engine cannot push; asked before every look. */
  readonly intervalMs: () => number;
}

/** What an operator is told of the engine. */
export interface Inspection {
  /** Its name and version, as "SQLite 3.45.1". */
  readonly engine: string;
  /** Whether anything of ours is there yet. */
  readonly made: boolean;
  /** The indexes that collections which are there need and the engine has not, by name. */
  readonly missingIndexes: readonly string[];
  /** Its clock less this process's, in milliseconds; undefined where it has none of its own. */
  readonly clockAheadMs: number | undefined;
  /** What it finds broken in what it keeps, a line each. */
  readonly damage: readonly string[];
}

/** The storage port. One conformance suite runs on every adapter. */
export interface Store {
  readonly name: 'embedded' | 'mongo';
  /**
   * Makes the collection and its indexes, if need be. Called once for each collection before use. Where the
   * engine cannot be reached it resolves all the same, and they are made before the first operation that
   * succeeds. Throws StoreCorruptError.
   */
  open(collections: readonly Collection<never>[], wait?: Wait): Promise<void>;
  /** Adds a document with revision 1. Throws ClaimTakenError, with the id as holder where the id itself is taken. */
  insert<B>(collection: Collection<B>, key: Key, body: B, wait?: Wait): Promise<Document<B>>;
  get<B>(collection: Collection<B>, key: Key, wait?: Wait): Promise<Document<B> | undefined>;
  /** Those that exist, in the order of `ids`. */
  getMany<B>(
    collection: Collection<B>,
    tenant: string,
    ids: readonly string[],
    wait?: Wait,
  ): Promise<Found<B>[]>;
  /** The one document that holds the claim. */
  getByClaim<B>(
    collection: Collection<B>,
    tenant: string,
    claim: string,
    wait?: Wait,
  ): Promise<Document<B> | undefined>;
  find<B>(collection: Collection<B>, query: Query, wait?: Wait): Promise<Found<B>[]>;
  count<B>(collection: Collection<B>, query: Pick<Query, 'tenant' | 'where'>, wait?: Wait): Promise<number>;
  /** Puts `body` in the place of `current`; undefined where another write came first. Throws ClaimTakenError. */
  replace<B>(
    collection: Collection<B>,
    current: Document<B>,
    body: B,
    wait?: Wait,
  ): Promise<Document<B> | undefined>;
  /** Removes the document at that revision, or at any where none is given; false where there is none. */
  remove<B>(collection: Collection<B>, key: Key, revision?: number, wait?: Wait): Promise<boolean>;
  /**
   * Calls `onChange` soon after any process writes one of the keys, at least once for the newest revision:
   * also for what its first look at a key finds, so nothing is missed between a read and a watch.
   */
  watch<B>(
    collection: Collection<B>,
    options: WatchOptions,
    onChange: (change: Change) => void,
  ): { close(): void };
  /** Resolves when the engine answers. Throws StoreUnavailableError. */
  ping(wait?: Wait): Promise<void>;
  /** Looks at the engine and changes nothing; needs no `open`. Throws StoreUnavailableError, StoreCorruptError. */
  inspect(collections: readonly Collection<never>[], wait?: Wait): Promise<Inspection>;
  close(): Promise<void>;
}
