import type { Answer } from './answer.js';
import { bindingOf } from './binding-of.js';
import type { Contract } from './contract.js';
import { contractError, goError, reasonOf } from './contract-error.js';
import type { PeerRequest, Reason } from './peer-request.js';
import { renamed, withProtoNames } from './proto-names.js';
import { resolveLinks } from './resolved-links.js';
import { refuseUnknownKeys } from './unknown-keys.js';

export interface Situation {
  readonly contract: Contract;
  readonly request: PeerRequest;
  readonly ours: Answer;
  /** The path and query that ours was asked for. */
  readonly path: string;
  /** The id that the request was sent with. */
  readonly id: string;
}

/** Turns the answer of the peer into what ours must be, where the reason applies. */
export type Rule = (answer: Answer, situation: Situation) => Answer;

/** How ours differs wherever it does, in the order in which the differences build on each other. */
export const RULES: readonly (readonly [Reason, Rule])[] = [
  [
    'wrong method',
    (answer, { request, ours }) => {
      if (answer.status !== 501 || goError(answer)?.message !== 'Method Not Allowed') return answer;
      const headers = { ...answer.headers, allow: ours.headers.allow ?? 'the methods that the path has' };
      if (request.method !== 'OPTIONS') return { ...answer, status: 405, headers };
      return { status: 204, headers: { allow: headers.allow }, body: undefined };
    },
  ],
  ['unknown keys', refuseUnknownKeys],
  ['plumbing', (answer) => withoutHeaders(answer, (name) => PLUMBING.test(name))],
  [
    'headers out',
    (answer, { contract }) => {
      const listed = new Set(contract.settings.responseHeaders);
      const renamed = Object.entries(answer.headers).map(([name, value]) => {
        const bare = name.replace(/^grpc-metadata-/, '');
        return [listed.has(bare) ? bare : name, value];
      });
      return { ...answer, headers: Object.fromEntries(renamed) };
    },
  ],
  ['links', resolveLinks],
  [
    'request ids',
    (answer, { contract, id }) => {
      // What the service has answered has its id already.
      const isOwn = answer.status >= 400 && answer.headers['x-request-id'] === undefined;
      return isOwn && contract.settings.responseHeaders.includes('x-request-id')
        ? { ...answer, headers: { ...answer.headers, 'x-request-id': id } }
        : answer;
    },
  ],
  [
    'reasons',
    (answer, { contract }) => {
      const status = contract.settings.reasons[reasonOf(goError(answer)) ?? ''];
      return status === undefined ? answer : { ...answer, status };
    },
  ],
  [
    'challenge',
    (answer, { contract: { settings } }) =>
      answer.status !== 401 || settings.challenge === undefined
        ? answer
        : { ...answer, headers: { ...answer.headers, 'www-authenticate': settings.challenge } },
  ],
  [
    'retry after',
    (answer, { contract, ours }) =>
      contract.settings.retryAfter && (answer.status === 429 || answer.status === 503)
        ? {
            ...answer,
            headers: { ...answer.headers, 'retry-after': ours.headers['retry-after'] ?? 'seconds' },
          }
        : answer,
  ],
  [
    'success status',
    (answer, { contract, request }) => {
      const status = successStatus(contract, request);
      if (answer.status !== 200 || status === 200) return answer;
      if (status !== 204) return { ...answer, status };
      return { ...withoutHeaders(answer, (name) => name === 'content-type'), status, body: undefined };
    },
  ],
  [
    'names',
    (answer, { contract, request }) => {
      const binding = bindingOf(contract, request);
      if (contract.settings.names !== 'proto' || binding === undefined || answer.status >= 400) return answer;
      const { responseBody, rpc } = binding;
      const body = responseBody
        ? renamed(answer.body, responseBody)
        : withProtoNames(answer.body, rpc.output);
      return { ...answer, body };
    },
  ],
  [
    'bare lines',
    (answer, { contract, request }) => {
      const isBare =
        request.stream && contract.settings.streamMessages === 'bare' && Array.isArray(answer.body);
      if (!isBare) return answer;
      const lines = answer.body as readonly { readonly result?: unknown }[];
      return { ...answer, body: lines.map((line) => line.result ?? line) };
    },
  ],
  [
    'error shape',
    (answer, situation) => {
      const error = goError(answer);
      return error === undefined || situation.contract.settings.errors === undefined
        ? answer
        : contractError(answer, error, situation);
    },
  ],
  [
    'wording',
    (answer, { ours }) => {
      const [theirs, own] = [goError(answer), goError(ours)];
      // Whatever has reached the service has details.
      if (!theirs || !own || theirs.details.length + own.details.length > 0) return answer;
      return { ...answer, body: { ...theirs, message: own.message } };
    },
  ],
];

const PLUMBING = /^grpc-metadata-(?:content-type|date|grpc-accept-encoding|grpc-encoding|trailer)$/;

function successStatus(contract: Contract, request: PeerRequest): number {
  return bindingOf(contract, request)?.option.successStatus ?? 200;
}

function withoutHeaders(answer: Answer, drop: (name: string) => boolean): Answer {
  const kept = Object.entries(answer.headers).filter(([name]) => !drop(name));
  return { ...answer, headers: Object.fromEntries(kept) };
}
