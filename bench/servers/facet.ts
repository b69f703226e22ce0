import { join } from 'node:path';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { startTestApp } from '../../test/support/app.js';
import { grpcClient } from '../../test/support/grpc.js';
import type { Listening } from './listening.js';
import { sampleFields } from './sample.js';

const IDENTITIES = 1000;
const AT_ONCE = 25;

/** The whole of Facet on the embedded store in a folder, gateway and service in one process (`local`). */
export async function serveFacet(folder = ''): Promise<Listening> {
  const app = await startTestApp(createEmbeddedStore({ path: join(folder, 'facet.db') }));
  return { http: Number(new URL(app.rest).port), grpc: app.grpc };
}

/** The same, after a thousand identities and a key have been written. */
export async function serveFilledFacet(folder = ''): Promise<Listening> {
  const app = await startTestApp(createEmbeddedStore({ path: join(folder, 'facet.db') }));
  const key = await app.key('bench', 'core');
  const client = grpcClient(IdentityServiceDefinition, app.grpc, key);
  const ids: string[] = [];
  while (ids.length < IDENTITIES) {
    const batch = Array.from({ length: AT_ONCE }, (_, at) =>
      client.createIdentity({
        identity: { ...Identity.decode(new Uint8Array()), ...sampleFields(ids.length + at) },
      }),
    );
    ids.push(...(await Promise.all(batch)).map(({ id }) => id));
  }
  client.close();
  return { http: Number(new URL(app.rest).port), grpc: app.grpc, key, ids };
}
