import { type Answer, send } from './answer.js';
import type { Contract } from './contract.js';
import { isApart, judge } from './judge.js';
import { failsByMask, maskQuery, withoutUnknownKeys } from './mask-query.js';
import type { PeerRequest, Reason } from './peer-request.js';
import type { Side, World } from './world.js';

/** One request, both answers, and how they differ. */
export interface Comparison {
  readonly request: PeerRequest;
  readonly contract: string;
  readonly peer: Answer;
  readonly ours: Answer;
  /** Why ours differs; empty where it does not. */
  readonly reasons: readonly Reason[];
  /** What is left that no reason explains, a line each. */
  readonly unexplained: readonly string[];
}

/** Where the two gateways are, and with which key they are asked. */
export interface Sides {
  readonly peer: string;
  readonly ours: string;
  readonly key: string;
}

/** What comes before the path of a target: nothing, or the whole of where it is sent. */
const ORIGIN = /^(?:https?:\/\/[^/]*)?/;

/** Sends a request to both gateways, to the peer first, and compares what they answer. */
export async function compare(
  request: PeerRequest,
  contract: Contract,
  sides: Sides,
  world: World,
  number: number,
): Promise<Comparison> {
  const id = `compare-${number}`;
  const pathFor = async (side: Side, query: string): Promise<string> => {
    const prefix = side === 'ours' ? `/api/${contract.name}` : '';
    return (await world.fill(request.path + query, side)).replace(ORIGIN, `$&${prefix}`);
  };
  const ask = async (side: Side, path: string, body = request.body): Promise<Answer> => {
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const text = raw ? body : JSON.stringify(body);
    const authorization = request.authorization ?? `Bearer ${sides.key}`;
    return send(
      sides[side],
      {
        method: request.method,
        path,
        headers: {
          ...(authorization !== '' && { authorization }),
          // So that both have the same id, each under the name that it lets in.
          [side === 'peer' ? 'grpc-metadata-x-request-id' : 'x-request-id']: id,
          ...withKey(request.headers, sides.key),
        },
        body: typeof text === 'string' ? await world.fill(text, side) : text,
      },
      {
        lines: request.stream === true,
        hide: (answer) => (isApart(request) ? world.hide(answer, side) : answer),
      },
    );
  };
  const mask = maskQuery(request, contract);
  const peerPath = await pathFor('peer', mask);
  const first = await ask('peer', peerPath);
  const again = failsByMask(first, request, contract);
  const peer = again ? await ask('peer', peerPath, withoutUnknownKeys(request, contract)) : first;
  const path = await pathFor('ours', '');
  const ours = await ask('ours', path);
  const { reasons, unexplained } = judge({ request, contract, id, path, peer, ours });
  const told: Reason[] = mask !== '' || again ? ['mask from body'] : [];
  return {
    request,
    contract: contract.name,
    peer,
    ours,
    reasons: [...new Set([...told, ...reasons])],
    unexplained,
  };
}

function withKey(headers: PeerRequest['headers'] = {}, key: string): NonNullable<PeerRequest['headers']> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value === 'Bearer {{key}}' ? `Bearer ${key}` : value,
    ]),
  );
}
