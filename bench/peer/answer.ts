import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a gateway answered. Header names are in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the body, an array of its lines for a stream, its text where it is no JSON, undefined if empty. */
  readonly body: unknown;
}

/** A request as it goes over the socket. */
export interface Outgoing {
  readonly method: string;
  /** Path and query, sent byte for byte. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array | undefined;
}

const TIMEOUT_MS = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Sends a request and reads the answer to its end; `hide` rewrites the text of the body before it is parsed. */
export async function send(
  base: string,
  { method, path, headers, body }: Outgoing,
  { lines, hide }: { lines: boolean; hide(text: string): string },
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const outgoing = httpRequest({
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...(bytes && { 'content-length': bytes.length }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (answer) => {
      text(answer).then((whole) => {
        const found = Object.entries(answer.headers).map(([name, value]) => [name, hide(String(value))]);
        const status = answer.statusCode ?? 0;
        // A stream that could not begin is answered by one object.
        const parsed = readBody(hide(whole), lines && status < 400);
        resolve({ status, headers: Object.fromEntries(found), body: parsed });
      }, reject);
    });
    outgoing.end(bytes);
  });
}

/** Lets go of the connections. */
export function hangUp(): void {
  agent.destroy();
}

function readBody(whole: string, lines: boolean): unknown {
  if (whole === '') return undefined;
  try {
    return lines
      ? whole
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      : JSON.parse(whole);
  } catch {
    return whole;
  }
}
