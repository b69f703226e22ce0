import { JsonSyntaxError } from './cursor.js';
import { type JsonLimits, parseJson } from './document.js';
import type { JsonNode } from './node.js';

/** What a sequence may hold: each value within the limits of one, and within `maxBytes` where that is given. */
export type SequenceLimits = JsonLimits & { readonly maxBytes?: number };

const NEWLINE_OR_SPACE = [0x20, 0x0a, 0x0d, 0x09];

/**
 * Parses JSON values that follow one another, with or without white space between them, as they arrive.
 * Every byte is looked at once, however the chunks are cut.
 *
 * @throws JsonSyntaxError where a value is not JSON, is longer than `maxBytes`, or the last one is cut off.
 */
export async function* parseJsonSequence(
  chunks: AsyncIterable<Uint8Array>,
  limits: SequenceLimits,
): AsyncGenerator<JsonNode> {
  const scan = { depth: 0, quoted: false, escaped: false };
  const maxBytes = limits.maxBytes ?? Number.POSITIVE_INFINITY;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const hold = (part: Uint8Array) => {
    heldBytes += part.length;
    if (heldBytes > maxBytes) throw new JsonSyntaxError(`a JSON value is longer than ${maxBytes} bytes`);
    if (part.length > 0) held.push(part);
  };
  const release = (): JsonNode | undefined => {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return parseJson(bytes, { maxDepth: limits.maxDepth, trailing: 'refuse' });
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (scan.quoted) {
        if (scan.escaped) scan.escaped = false;
        else if (byte === 0x5c) scan.escaped = true;
        else if (byte === 0x22) scan.quoted = false;
        if (scan.quoted || scan.depth > 0) continue;
      } else if (byte === 0x22 || byte === 0x7b || byte === 0x5b) {
        // A value that opens ends a bare word or number before it.
        if (scan.depth === 0 && (at > start || heldBytes > 0)) {
          hold(chunk.subarray(start, at));
          const node = release();
          if (node !== undefined) yield node;
          start = at;
        }
        if (byte === 0x22) scan.quoted = true;
        else if (++scan.depth > limits.maxDepth) throw new JsonSyntaxError('nested too deeply');
        continue;
      } else if (byte === 0x7d || byte === 0x5d) {
        if (--scan.depth > 0) continue;
        scan.depth = 0;
      } else if (scan.depth > 0 || !NEWLINE_OR_SPACE.includes(byte)) {
        continue;
      }
      hold(chunk.subarray(start, at + 1));
      const node = release();
      if (node !== undefined) yield node;
      start = at + 1;
    }
    hold(chunk.subarray(start));
  }
  const last = release();
  if (last !== undefined) yield last;
}
