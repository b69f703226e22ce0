/** A way to hash passwords, as imported hashes name it. */
export interface Algorithm {
  /** Whether the text is one of its hashes, going by its beginning. */
  readonly owns: (hash: string) => boolean;
  /** What keeps the hash from being taken: it cannot be read, or would cost too much to verify. */
  readonly fault: (hash: string) => string | undefined;
  /** Whether the password has this hash, which has no fault. */
  readonly verify: (hash: string, password: string) => Promise<boolean>;
}

/** A whole number in decimal; undefined for anything else. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : undefined;
}

/** The `a=1,b=2` part of a PHC text; undefined where it is not that. */
export function readParameters(text: string): ReadonlyMap<string, number> | undefined {
  const found = new Map<string, number>();
  for (const pair of text.split(',')) {
    const [name = '', value, ...more] = pair.split('=');
    const number = wholeNumber(value);
    if (number === undefined || more.length > 0 || found.has(name)) return undefined;
    found.set(name, number);
  }
  return found;
}

/** Standard base64, with padding or without; undefined for anything else. */
export function readBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined;
}
