import { FacetError } from '../domain/errors.js';

/** How many calls may be under way at once. */
export interface InFlightLimits {
  readonly total: number;
  readonly perTenant: number;
}

/** Frees a place; further calls of it do nothing. */
export type Release = () => void;

/** Places for calls under way: for all tenants together, and for each. */
export interface InFlight {
  /** Takes one of all places. Throws TOO_MANY_REQUESTS where there is none. */
  enter(): Release;
  /** Takes one of the tenant's places. Throws TOO_MANY_REQUESTS where there is none. */
  enterTenant(tenant: string): Release;
}

const RETRY_AFTER_MS = 1000;

export function createInFlight(limits: InFlightLimits): InFlight {
  const perTenant = new Map<string, number>();
  let total = 0;
  return {
    enter() {
      if (total >= limits.total) throw tooMany();
      total++;
      return once(() => total--);
    },
    enterTenant(tenant) {
      const count = perTenant.get(tenant) ?? 0;
      if (count >= limits.perTenant) throw tooMany();
      perTenant.set(tenant, count + 1);
      return once(() => {
        const left = perTenant.get(tenant)! - 1;
        if (left > 0) perTenant.set(tenant, left);
        else perTenant.delete(tenant);
      });
    },
  };
}

function tooMany(): FacetError {
  return new FacetError('TOO_MANY_REQUESTS', { retryAfterMs: RETRY_AFTER_MS });
}

function once(run: () => void): Release {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
