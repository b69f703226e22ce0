import { Agent, request } from 'node:http';

/** Calls of one key's holder below a path, on connections that are kept. An answer of 300 or more throws. */
export interface RestCalls {
  readonly call: (method: string, path: string, body?: object) => Promise<{ id: string }>;
  readonly close: () => void;
}

export function restCalls(address: string, key: string, base: string): RestCalls {
  const agent = new Agent({ keepAlive: true });
  const [host, port] = address.split(':');
  const call: RestCalls['call'] = (method, path, body) =>
    new Promise((resolve, reject) => {
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
            ? resolve(JSON.parse(answer))
            : reject(new Error(`${method} ${path}: ${answer}`)),
        );
      });
      sent.on('error', reject).end(text);
    });
  return { call, close: () => agent.destroy() };
}
