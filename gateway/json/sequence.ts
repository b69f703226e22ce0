import { JsonSyntaxError } from './cursor.js';
import { type JsonLimits, parseJson } from './document.js';
import type { JsonNode } from './node.js';
import { createValueScanner } from './value-scanner.js';

/** What a sequence may hold: each value within the limits of one, and within `maxBytes` where that is given. */
export type SequenceLimits = JsonLimits & { readonly maxBytes?: number };

/**
 * Parses JSON values that follow one another, with or without white space between them, as they arrive.
 * Every byte is looked at once, however the chunks are cut, and no more than one value is held.
 *
 * @throws JsonSyntaxError where a value is not JSON, is longer than `maxBytes`, or the last one is cut off.
 */
export async function* parseJsonSequence(
  chunks: AsyncIterable<Uint8Array>,
  limits: SequenceLimits,
): AsyncGenerator<JsonNode> {
  const scan = createValueScanner(limits.maxDepth);
  const held = createHold(limits);
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const place = scan(chunk[at]!);
      if (place === 'inside') continue;
      held.add(chunk.subarray(start, place === 'last' ? at + 1 : at));
      start = place === 'first' ? at : at + 1;
      const node = held.parse();
      if (node !== undefined) yield node;
    }
    held.add(chunk.subarray(start));
  }
  const last = held.parse();
  if (last !== undefined) yield last;
}

/** Keeps the pieces of one value until it is whole. */
function createHold({ maxDepth, maxBytes = Number.POSITIVE_INFINITY }: SequenceLimits) {
  let pieces: Uint8Array[] = [];
  let size = 0;
  return {
    add(piece: Uint8Array): void {
      size += piece.length;
      if (size > maxBytes) throw new JsonSyntaxError(`a JSON value is longer than ${maxBytes} bytes`);
      if (piece.length > 0) pieces.push(piece);
    },
    parse(): JsonNode | undefined {
      if (size === 0) return undefined;
      const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      pieces = [];
      size = 0;
      return parseJson(bytes, { maxDepth, trailing: 'refuse' });
    },
  };
}
