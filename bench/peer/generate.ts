import type { Contract } from './contract.js';
import { spoiledBodies } from './generate-body.js';
import { spoiledPaths } from './generate-path.js';
import { spoiledQueries } from './generate-query.js';
import type { PeerRequest } from './peer-request.js';
import { type Sample, sampleOf, VARIABLE } from './sample.js';

/** Requests to every route of a contract: a valid one, and many that are spoiled in one place each. */
export function generateRequests(contract: Contract): PeerRequest[] {
  return contract.bindings.flatMap((binding) => {
    const sample = sampleOf(contract, binding);
    return [
      sample.request,
      ...withoutAccess(sample),
      ...wrongMethods(sample),
      ...spoiledPaths(sample),
      ...spoiledQueries(sample),
      ...spoiledBodies(sample),
    ];
  });
}

function withoutAccess({ request }: Sample): PeerRequest[] {
  return [
    ['no Authorization', ''],
    ['a key that nobody has', 'Bearer facet_core_0123456789012345678901234567890123456789012'],
    ['another scheme', 'Basic YTpi'],
  ].map(([what, authorization]) => ({
    ...request,
    title: `${request.title}: ${what}`,
    authorization: authorization!,
  }));
}

function wrongMethods({ contract, binding, request }: Sample): PeerRequest[] {
  const path = request.path.replace(/\?.*/, '');
  const taken = contract.bindings
    .filter(
      (other) => other.template.text.replace(VARIABLE, '*') === binding.template.text.replace(VARIABLE, '*'),
    )
    .map(({ method }) => method);
  const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
    (method) => !taken.includes(method),
  );
  const { body: _, stream: __, rpc: ___, ...rest } = request;
  const wrong = others.map((method) => ({
    ...rest,
    title: `${request.title}: ${method} instead`,
    method,
    path,
  }));
  if (!taken.includes('GET') || request.stream) return wrong;
  const head: PeerRequest = {
    ...request,
    title: `${request.title}: HEAD`,
    method: 'HEAD',
    differs: { reason: 'head', status: 200, body: 'empty' },
  };
  return binding.method === 'GET' ? [...wrong, head] : wrong;
}
