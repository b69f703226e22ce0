import Letta from '@letta-ai/letta-client';
import type { TestApp } from '../support/app.js';

/** The two ways in which a client gets to the contract. */
export const WAYS = ['by key', 'by path prefix'] as const;
export type Way = (typeof WAYS)[number];

/** The platform's own client for a tenant, and how many requests it has made. */
export interface CountedClient {
  readonly client: Letta;
  requests(): number;
}

/** @param way by path prefix the key is another contract's, so that the prefix alone decides */
export async function lettaFor(app: TestApp, tenant: string, way: Way = 'by key'): Promise<CountedClient> {
  let requests = 0;
  const counting: typeof fetch = (input, init) => {
    requests++;
    return fetch(input, init);
  };
  const client = new Letta({
    baseURL: way === 'by key' ? app.rest : `${app.rest}/api/agents`,
    apiKey: await app.key(tenant, way === 'by key' ? 'agents' : 'outreach'),
    // Both are headers that mean nothing here.
    projectID: 'project-1',
    project: 'a-project',
    fetch: counting,
  });
  return { client, requests: () => requests };
}
