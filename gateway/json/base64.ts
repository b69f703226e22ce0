const STANDARD = /^[A-Za-z0-9+/]*$/;
const URL_SAFE = /^[A-Za-z0-9_-]*$/;

/**
 * The bytes that base64 text stands for, or undefined where it is not base64 in one alphabet, standard or
 * URL-safe. Padding is demanded where `padding` says so; else it may be left out, but not be wrong.
 */
export function decodeBase64(text: string, padding: 'required' | 'optional'): Uint8Array | undefined {
  // Go skips line breaks, which folded base64 has.
  const folded = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
  const pads = folded.endsWith('==') ? 2 : folded.endsWith('=') ? 1 : 0;
  const body = pads === 0 ? folded : folded.slice(0, -pads);
  if (!STANDARD.test(body) && !URL_SAFE.test(body)) return undefined;
  // As Go does, whether padding is expected is seen from the text with its line breaks.
  const padded = padding === 'required' || text.length % 4 === 0;
  const fits = padded ? folded.length % 4 === 0 : pads === 0;
  return fits && body.length % 4 !== 1 ? Buffer.from(body, 'base64') : undefined;
}
