import { isDeepStrictEqual } from 'node:util';
import { type Answer, send } from './answer.js';
import type { Contract } from './contract.js';
import { maskQuery } from './mask-query.js';
import type { Declared, PeerRequest, Reason } from './peer-request.js';
import { RULES, type Situation } from './rules.js';
import { withoutVolatile } from './volatile.js';
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
  const ask = async (side: Side): Promise<Answer> => {
    const prefix = side === 'ours' ? `/api/${contract.name}` : '';
    const body = request.body;
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const text = raw ? body : JSON.stringify(body);
    const authorization = request.authorization ?? `Bearer ${sides.key}`;
    const mask = side === 'peer' ? maskQuery(request, contract) : '';
    return send(
      sides[side],
      {
        method: request.method,
        path: (await world.fill(request.path + mask, side)).replace(ORIGIN, `$&${prefix}`),
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
  const [peer, ours] = [await ask('peer'), await ask('ours')];
  return { request, contract: contract.name, peer, ours, ...judge(request, contract, id, peer, ours) };
}

function withKey(headers: PeerRequest['headers'] = {}, key: string): NonNullable<PeerRequest['headers']> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value === 'Bearer {{key}}' ? `Bearer ${key}` : value,
    ]),
  );
}

/** Whether the two sides are asked about records of their own. */
function isApart({ path, method }: PeerRequest): boolean {
  return path.includes('{{own') || !['GET', 'HEAD'].includes(method);
}

/** What differs, and why. */
function judge(request: PeerRequest, contract: Contract, id: string, peer: Answer, ours: Answer) {
  const apart = isApart(request);
  const own = withoutVolatile(ours, apart);
  const situation: Situation = { contract, request, ours: own, id };
  const reasons = new Set<Reason>();
  let expected = withoutVolatile(peer, apart);
  for (const [reason, rule] of RULES) {
    const next = rule(expected, situation);
    if (!isDeepStrictEqual(next, expected)) reasons.add(reason);
    expected = next;
  }
  const differences = listDifferences(expected, own);
  if (request.differs === undefined || differences.length === 0) {
    return { reasons: [...reasons], unexplained: differences };
  }
  return { reasons: [request.differs.reason], unexplained: notAsDeclared(request.differs, own) };
}

function notAsDeclared({ status, body }: Declared, ours: Answer): string[] {
  const wrong: string[] = [];
  if (![status].flat().includes(ours.status)) wrong.push(`status: declared ${status}, ours ${ours.status}`);
  if (body === 'empty' && ours.body !== undefined) wrong.push('body: declared empty');
  if (typeof body === 'object') {
    for (const [name, value] of Object.entries(body)) {
      const found = (ours.body as Record<string, unknown> | undefined)?.[name];
      if (!isDeepStrictEqual(found, value)) wrong.push(difference(`body.${name}`, value, found));
    }
  }
  return wrong;
}

function listDifferences(expected: Answer, ours: Answer): string[] {
  const found: string[] = [];
  if (expected.status !== ours.status) found.push(difference('status', expected.status, ours.status));
  for (const name of new Set([...Object.keys(expected.headers), ...Object.keys(ours.headers)])) {
    if (expected.headers[name] !== ours.headers[name])
      found.push(difference(`header ${name}`, expected.headers[name], ours.headers[name]));
  }
  found.push(...bodyDifferences('body', expected.body, ours.body).slice(0, MOST_SHOWN));
  return found;
}

function bodyDifferences(place: string, expected: unknown, ours: unknown): string[] {
  if (isDeepStrictEqual(expected, ours)) return [];
  const comparable =
    typeof expected === 'object' &&
    typeof ours === 'object' &&
    Array.isArray(expected) === Array.isArray(ours);
  if (!comparable || expected === null || ours === null) return [difference(place, expected, ours)];
  const [one, other] = [expected as Record<string, unknown>, ours as Record<string, unknown>];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => bodyDifferences(`${place}.${key}`, one[key], other[key]));
}

const MOST_SHOWN = 5;
const LONGEST_SHOWN = 300;

function difference(what: string, expected: unknown, ours: unknown): string {
  const show = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, LONGEST_SHOWN);
  return `${what}: expected ${show(expected)}\n      ${' '.repeat(what.length)}but is ${show(ours)}`;
}
