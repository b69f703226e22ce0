import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../settings.js';

/** Lets browsers of other origins in. Returns whether the request was a preflight, which is then answered. */
export type Cors = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Makes the CORS step; `exposed` are the answer's headers that scripts may read. */
export function createCors({ cors }: Settings, exposed: readonly string[]): Cors {
  if (cors === undefined) return () => false;
  const { origins, maxAge } = cors;
  const any = origins.includes('*');
  return (request, response) => {
    if (!any) response.setHeader('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !(any || origins.includes(origin))) return false;
    response.setHeader('Access-Control-Allow-Origin', any ? '*' : origin);
    const wanted = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || wanted === undefined) {
      if (exposed.length > 0) response.setHeader('Access-Control-Expose-Headers', exposed.join(', '));
      return false;
    }
    response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
    const headers = request.headers['access-control-request-headers'];
    if (headers !== undefined) response.setHeader('Access-Control-Allow-Headers', headers);
    response.setHeader('Access-Control-Max-Age', String(maxAge));
    response.writeHead(204).end();
    return true;
  };
}
