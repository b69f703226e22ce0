import { createHash, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/** The keys that secrets are sealed with, each used for one purpose by derivation. */
export interface Keyring {
  /** The id of the newest key, which seals. */
  readonly newest: string;
  /** The 256-bit key that is derived for the purpose; undefined where no key of that id is known. */
  derive(keyId: string, purpose: string): Buffer | undefined;
}

/**
 * Takes keys of 32 bytes, newest first: the first seals, all open. A key's id is taken from its own hash, so
 * that rotation is adding a key in front. Throws RangeError on a key of another length, or on none.
 */
export function createKeyring(keys: readonly Uint8Array[]): Keyring {
  if (keys.length === 0 || keys.some((key) => key.length !== KEY_BYTES)) {
    throw new RangeError(`secrets need at least one key, each of ${KEY_BYTES} bytes`);
  }
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const derived = new Map<string, Buffer>();
  return {
    newest: idOf(keys[0]!),
    derive(keyId, purpose) {
      const key = byId.get(keyId);
      if (key === undefined) return undefined;
      const name = `${keyId} ${purpose}`;
      const made =
        derived.get(name) ?? Buffer.from(hkdfSync('sha256', key, '', `facet ${purpose}`, KEY_BYTES));
      derived.set(name, made);
      return made;
    },
  };
}

function idOf(key: Uint8Array): string {
  return createHash('sha256').update('facet key id').update(key).digest('hex').slice(0, 16);
}
