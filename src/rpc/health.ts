import { setTimeout as sleep } from 'node:timers/promises';
import { FacetError } from '../domain/errors.js';
import {
  HealthDefinition,
  HealthCheckResponse_ServingStatus as Status,
} from '../gen/grpc/health/v1/health.js';
import { type Service, service } from './service.js';

const LOOK_EVERY_MS = 500;

/**
 * The health service. See grpc/health/v1/health.proto.
 *
 * @param services full names of the services that can be asked about; the empty name is the whole
 * @param serving asked at every check, and twice a second for watchers
 */
export function healthService(services: readonly string[], serving: () => boolean): Service {
  const known = new Set(['', ...services]);
  const now = () => (serving() ? Status.SERVING : Status.NOT_SERVING);
  return service(
    HealthDefinition,
    {
      async check(request) {
        if (!known.has(request.service)) throw new FacetError('NOT_FOUND');
        return { status: now() };
      },
      async list() {
        return { statuses: Object.fromEntries([...known].map((name) => [name, { status: now() }])) };
      },
      async *watch(request, call) {
        let last: Status | undefined;
        for (;;) {
          const status = known.has(request.service) ? now() : Status.SERVICE_UNKNOWN;
          if (status !== last) yield { status };
          last = status;
          await sleep(LOOK_EVERY_MS, undefined, { signal: call.signal });
        }
      },
    },
    { open: true },
  );
}
