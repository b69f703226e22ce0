import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './answer.js';
import type { Contract } from './contract.js';
import type { Declared, PeerRequest, Reason } from './peer-request.js';
import { RULES, type Situation } from './rules.js';
import { withoutVolatile } from './volatile.js';

/** A request, how it was sent, and what both have answered. */
export interface Case {
  readonly request: PeerRequest;
  readonly contract: Contract;
  readonly id: string;
  /** The path and query that ours was asked for. */
  readonly path: string;
  readonly peer: Answer;
  readonly ours: Answer;
}

/** What differs, and why. */
export interface Verdict {
  readonly reasons: readonly Reason[];
  /** What no reason explains, a line each. */
  readonly unexplained: readonly string[];
}

/** Whether the two sides are asked about records of their own. */
export function isApart({ path, method }: PeerRequest): boolean {
  return path.includes('{{own') || !['GET', 'HEAD'].includes(method);
}

/** Turns the peer's answer into what ours must be, reason by reason, and tells what is left. */
export function judge({ request, contract, id, path, peer, ours }: Case): Verdict {
  const apart = isApart(request);
  const own = withoutVolatile(ours, apart);
  const situation: Situation = { contract, request, ours: own, path, id };
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
