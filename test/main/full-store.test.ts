import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { startTestApp } from '../support/app.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { refused } from '../support/refused.js';
import { restAs } from '../support/rest.js';

const full = suite('a store without room [embedded]');
const MAX_BYTES = 1024 * 1024;

full(
  'writes are told RESOURCE_EXHAUSTED, reads go on, and so do writes when there is room again',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'facet-full-'));
    const app = await startTestApp(
      createEmbeddedStore({ path: join(folder, 'facet.db'), maxBytes: MAX_BYTES }),
    );
    const key = await app.key('acme', 'core');
    const client = grpcClient(IdentityServiceDefinition, app.grpc, key);
    const rest = restAs(app.rest, key);
    try {
      const identity = identityOf({ tags: Array.from({ length: 40 }, (_, i) => `${i}-${'x'.repeat(40)}`) });
      const made: string[] = [];
      const fill = async () => {
        for (;;) made.push((await client.createIdentity({ identity })).id);
      };
      await refused(fill(), status.RESOURCE_EXHAUSTED, 'STORE_FULL');
      assert.ok(made.length > 10);
      const answer = await rest('POST', '/api/core/v1/identities', { tags: identity.tags });
      assert.is(answer.status, 429);
      assert.is((await client.getIdentity({ id: made[0]! })).id, made[0]);
      assert.ok((await client.listIdentities({ pageSize: 1000 })).identities.length === made.length);
      for (const id of made.splice(0, 10)) await client.deleteIdentity({ id });
      assert.ok((await client.createIdentity({ identity })).id);
    } finally {
      client.close();
      await app.close();
      await rm(folder, { recursive: true });
    }
  },
);

full.run();
