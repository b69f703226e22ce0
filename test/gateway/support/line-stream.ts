import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';

export interface LineStream {
  readonly response: IncomingMessage;
  /** The next line, undefined at the end; rejects where the connection is cut. */
  next(): Promise<string | undefined>;
  /** All lines that are left. */
  rest(): Promise<string[]>;
  /** Goes away without a word. */
  leave(): void;
}

/** Sends a request and reads its answer line by line. `begin` may write the body in its own time. */
export async function openStream(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  begin: (request: ClientRequest) => void = (request) => request.end(),
  method = 'GET',
): Promise<LineStream> {
  const request = httpRequest({ host: '127.0.0.1', port, path, headers, method, agent: false });
  begin(request);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  response.setEncoding('utf8');
  const lines = readLines(response);
  return {
    response,
    async next() {
      const { value, done } = await lines.next();
      return done ? undefined : value;
    },
    async rest() {
      const all: string[] = [];
      for await (const line of lines) all.push(line);
      return all;
    },
    leave: () => request.destroy(),
  };
}

async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of response) {
    const lines = (held + chunk).split('\n');
    held = lines.pop() ?? '';
    yield* lines;
  }
  if (held !== '') yield held;
}
