/** Thrown where what came is no gRPC message, or one above the limit. */
export class BadFrame extends Error {
  constructor(
    message: string,
    readonly tooLarge: boolean,
  ) {
    super(message);
  }
}

/** A message with the five bytes of gRPC's framing before it. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(message.length + 5);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, 5);
  return framed;
}

/** Cuts a byte stream into messages of at most `limit` bytes. */
export interface FrameReader {
  /** The messages that are whole with this chunk. Throws BadFrame. */
  push(chunk: Buffer): Buffer[];
  /** Whether part of a message is held. */
  partial(): boolean;
}

export function createFrameReader(limit: number): FrameReader {
  let held: Buffer[] = [];
  let size = 0;
  let wanted = 5;

  function take(): Buffer {
    return held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held, size);
  }

  return {
    push(chunk) {
      held.push(chunk);
      size += chunk.length;
      if (size < wanted) return [];
      const messages: Buffer[] = [];
      let bytes = take();
      for (;;) {
        wanted = 5;
        if (bytes.length < 5) break;
        if (bytes[0] !== 0) throw new BadFrame('the answer is compressed, which was not asked for', false);
        const length = bytes.readUInt32BE(1);
        if (length > limit) throw new BadFrame(`the answer is larger than ${limit} bytes`, true);
        wanted = length + 5;
        if (bytes.length < wanted) break;
        messages.push(bytes.subarray(5, wanted));
        bytes = bytes.subarray(wanted);
      }
      held = bytes.length > 0 ? [bytes] : [];
      size = bytes.length;
      return messages;
    },
    partial: () => size > 0,
  };
}
