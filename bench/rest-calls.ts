import { Agent, request } from 'node:http';

/**
 * Calls of one key's holder below a path, on connections that are kept. An answer of 300 or more throws; an empty one
 * is undefined.
 */
export interface RestCalls {
  readonly call: <T = { id: string }>(method: string, path: string, body?: object) => Promise<T>;
  readonly close: () => void;
}

export function restCalls(
  address: string,
  key: string,
  base: string,
  connections: number = Number.POSITIVE_INFINITY,
): RestCalls {
  // In turns, so that none is idle for so long that the server closes it.
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const [host, port] = address.split(':');
  const call = <T>(method: string, path: string, body?: object) =>
    new Promise<T>((resolve, reject) => {
      const text = body && JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${key}`,
        ...(text && { 'content-length': Buffer.byteLength(text) }),
      };
      const sent = request({ agent, host, port, method, path: base + path, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk) => (answer += chunk));
        response.on('end', () =>
          response.statusCode! < 300
            ? resolve((answer === '' ? undefined : JSON.parse(answer)) as T)
            : reject(new Error(`${method} ${path}: ${response.statusCode} ${answer}`)),
        );
      });
      sent.on('error', reject).end(text);
    });
  return { call, close: () => agent.destroy() };
}
