import type { Answer } from '../../bench/peer/answer.js';
import { type Contract, readContracts } from '../../bench/peer/contract.js';
import { judge, type Verdict } from '../../bench/peer/judge.js';
import type { PeerRequest } from '../../bench/peer/peer-request.js';

const contracts = readContracts();

export function contractOf(name: string): Contract {
  const contract = contracts.get(name);
  if (contract === undefined) throw new Error(`no contract ${name}`);
  return contract;
}

/** An answer in JSON. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body, headers: { 'content-type': 'application/json', ...headers } };
}

/** What the peer makes of an error of the service. */
export function serviceError(
  code: number,
  reason: string,
  violations: readonly { field: string; description: string; reason: string }[] = [],
): unknown {
  const type = (name: string) => `type.googleapis.com/google.rpc.${name}`;
  const details = [
    { '@type': type('ErrorInfo'), reason },
    ...(violations.length > 0 ? [{ '@type': type('BadRequest'), fieldViolations: violations }] : []),
  ];
  return { code, message: 'wrong', details };
}

/** What is said of two answers to a request. */
export function verdict(
  name: string,
  request: Omit<PeerRequest, 'title'>,
  peer: Answer,
  ours: Answer,
): Verdict {
  const whole = { title: 'a request', ...request };
  return judge({
    request: whole,
    contract: contractOf(name),
    id: 'compare-1',
    path: `/api/${name}${request.path}`,
    peer,
    ours,
  });
}
