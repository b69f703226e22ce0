import type { TestApp } from '../support/app.js';
import { type Rest, type RestAnswer, restAs } from '../support/rest.js';

/** What the suites of this contract call by. */
export interface AdminRest {
  readonly rest: Rest;
  /** Creates an identity with these traits, and more; answers it. Throws where that is refused. */
  create(traits: object, more?: object): Promise<{ id: string } & Record<string, unknown>>;
  patch(id: string, ...operations: object[]): Promise<RestAnswer>;
}

/** Calls of a new tenant under the contract's path. */
export async function adminRest(app: TestApp, tenant: string): Promise<AdminRest> {
  const rest = restAs(app.rest, await app.key(tenant, 'admin'));
  return {
    rest,
    async create(traits, more = {}) {
      const answer = await rest('POST', '/admin/identities', { schema_id: 'default', traits, ...more });
      if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    patch: (id, ...operations) => rest('PATCH', `/admin/identities/${id}`, operations),
  };
}

/** The path and query that a Link header has for a relation; undefined where it has none. */
export function linked(answer: RestAnswer, rel: 'first' | 'next'): string | undefined {
  return new RegExp(`<([^>]*)>; rel="${rel}"`).exec(answer.headers.get('link') ?? '')?.[1];
}
