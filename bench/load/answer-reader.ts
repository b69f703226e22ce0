/** Finds where answers end on a keep-alive connection that asks for one at a time. */
export interface AnswerReader {
  /** Takes what has arrived; true when it completes an answer, whose status is then known. */
  take(chunk: Buffer): boolean;
  /** Of the answer that was completed last. */
  readonly status: number;
  /** Bytes of its body. */
  readonly length: number;
}

const HEADERS_END = Buffer.from('\r\n\r\n');

/** Reads answers with a Content-Length, or in chunks. Throws at one that has neither. */
export function createAnswerReader(): AnswerReader {
  let status = 0;
  let length = 0;
  /** Bytes of the body, or of the chunk and its line end, that are still to come. */
  let missing = 0;
  let chunked = false;
  let inBody = false;
  let rest: Buffer | undefined;

  const begin = (head: string): void => {
    status = Number(head.slice(9, 12));
    const given = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    chunked = given === undefined;
    if (chunked && !/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error(`no length:\n${head}`);
    length = missing = chunked ? 0 : Number(given);
    inBody = true;
  };

  /** Steps over chunks; true at the last one, undefined where the size of the next is not whole yet. */
  const nextChunk = (bytes: Buffer, at: number): { from: number; last: boolean } | undefined => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    length += size;
    missing = size + 2;
    return { from: end + 2, last: size === 0 };
  };

  const reader = {
    get status() {
      return status;
    },
    get length() {
      return length;
    },
    take(chunk: Buffer): boolean {
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      rest = undefined;
      let at = 0;
      let last = false;
      if (!inBody) {
        const end = bytes.indexOf(HEADERS_END);
        if (end < 0) {
          rest = bytes;
          return false;
        }
        begin(bytes.toString('latin1', 0, end));
        at = end + HEADERS_END.length;
      }
      for (;;) {
        const taken = Math.min(missing, bytes.length - at);
        at += taken;
        missing -= taken;
        if (missing > 0) return false;
        if (!chunked || last) break;
        const next = nextChunk(bytes, at);
        if (next === undefined) {
          rest = bytes.subarray(at);
          return false;
        }
        at = next.from;
        last = next.last;
      }
      inBody = false;
      return true;
    },
  };
  return reader;
}
