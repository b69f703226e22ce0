import { bodyOf, type IndexedDocument } from '../indexed-document.js';
import type { Collection, Document, FieldValue, Key } from '../store.js';

/** A document as the database holds it, readable in its shell. */
export interface StoredDocument {
  /** `<tenant>/<id>` */
  readonly _id: string;
  readonly tenant: string;
  readonly id: string;
  readonly revision: number;
  readonly claims: readonly string[];
  readonly tokens: readonly string[];
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The body; as JSON text where BSON would not give it back as it was. */
  readonly body: object | string;
}

export const idOf = ({ tenant, id }: Key) => `${tenant}/${id}`;

/** A tenant has no slash. */
export function keyOf(_id: string): Key {
  const slash = _id.indexOf('/');
  return { tenant: _id.slice(0, slash), id: _id.slice(slash + 1) };
}

export function toStored(key: Key, revision: number, document: IndexedDocument): StoredDocument {
  const { json, claims, tokens, fields } = document;
  const body: unknown = JSON.parse(json);
  const { tenant, id } = key;
  return { _id: idOf(key), tenant, id, revision, claims, tokens, fields, body: isPlain(body) ? body : json };
}

/** What is read of a document: the rest is for the engine, and decoding it would take longer than the body. */
export const READ = { revision: 1, body: 1 };
export type ReadDocument = Pick<StoredDocument, '_id' | 'revision' | 'body'>;

export function fromStored<B>(collection: Collection<B>, { _id, revision, body }: ReadDocument): Document<B> {
  const kept: unknown = typeof body === 'string' ? JSON.parse(body) : body;
  return { ...keyOf(_id), revision, body: bodyOf(collection, kept) };
}

/** Half of what a server allows, which counts the document itself, too. */
const DEEPEST = 50;
/** Keys with a meaning to servers, drivers or JavaScript, and text that BSON cannot hold. */
const SPECIAL_KEY = /^$|^\$|\.|^_bsontype$|^__proto__$|[\0\p{Surrogate}]/u;
const SPECIAL_TEXT = /[\0\p{Surrogate}]/u;

/** Whether a JSON value is an object that every server and driver gives back unaltered. */
function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    holdsNothingSpecial(value, DEEPEST)
  );
}

function holdsNothingSpecial(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !SPECIAL_TEXT.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((element) => holdsNothingSpecial(element, depth - 1));
  return Object.entries(value).every(
    ([key, member]) => !SPECIAL_KEY.test(key) && holdsNothingSpecial(member, depth - 1),
  );
}
