import { BLANK_IDENTITY } from './blank-identity.js';
import { IDENTITY_SCHEMA_VERSION, type IdentityRecord, type StoredIdentity } from './identity.js';

/** What tells how the rest is to be read. */
const ALWAYS_KEPT: ReadonlySet<string> = new Set<keyof IdentityRecord>(['kind', 'schemaVersion']);

const BLANKS = new Map(
  Object.entries(BLANK_IDENTITY).map(([name, value]) => [name, { value, text: JSON.stringify(value) }]),
);

/** What is kept of a document: of a record only what it has beyond a blank one, which saves most of the reading. */
export function packIdentity(stored: StoredIdentity): object {
  if (!isCurrent(stored)) return stored;
  const kept = Object.entries(stored).filter(
    ([name, value]) => ALWAYS_KEPT.has(name) || !isBlank(name, value),
  );
  return Object.fromEntries(kept);
}

/** The document that was packed. Also takes whole records, as they were kept before. */
export function unpackIdentity(packed: StoredIdentity): StoredIdentity {
  // All members of the result come with the first part, in one go: to add them one by one takes ten times as long.
  return isCurrent(packed) ? { ...BLANK_IDENTITY, ...packed } : packed;
}

function isCurrent(stored: StoredIdentity): stored is IdentityRecord {
  return stored.kind === 'identity' && stored.schemaVersion === IDENTITY_SCHEMA_VERSION;
}

function isBlank(name: string, value: unknown): boolean {
  const blank = BLANKS.get(name);
  return blank?.value === value || (typeof value === 'object' && blank?.text === JSON.stringify(value));
}
