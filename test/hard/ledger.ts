import * as assert from 'uvu/assert';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { type GrpcClient, grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';

export type Identities = GrpcClient<typeof IdentityServiceDefinition>;

/** What was asked of a service, and what it has acknowledged. */
export interface Ledger {
  /** External ids that a create was asked for, acknowledged or not. */
  readonly asked: Set<string>;
  /** The id of each identity whose create was acknowledged, by external id. */
  readonly made: Map<string, string>;
  /** The newest job title of each identity whose update was acknowledged, by id. */
  readonly titled: Map<string, number>;
}

export function newLedger(): Ledger {
  return { asked: new Set(), made: new Map(), titled: new Map() };
}

export function identitiesAt(address: string, key: string): Identities {
  return grpcClient(IdentityServiceDefinition, address, key);
}

/** Creates identities and changes each once, one after the other, until the service is gone. */
export async function writeUntilGone(client: Identities, ledger: Ledger, prefix: string): Promise<void> {
  for (let n = 0; ; n++) {
    const externalId = `${prefix}-${n}`;
    ledger.asked.add(externalId);
    try {
      const identity = identityOf({ externalId, givenName: externalId, tags: ['whole'] });
      const { id } = await client.createIdentity({ identity });
      ledger.made.set(externalId, id);
      await client.updateIdentity({
        identity: identityOf({ id, jobTitle: `${n}` }),
        updateMask: ['job_title'],
      });
      ledger.titled.set(id, n);
    } catch {
      return;
    }
  }
}

/** Every acknowledged write is there, every record is whole, and no claim has an owner that is not there. */
export async function mustHold(client: Identities, ledger: Ledger): Promise<void> {
  const { asked, made, titled } = ledger;
  const all = new Map<string, { readonly externalId?: string | undefined }>();
  for (let pageToken = ''; ; ) {
    const page = await client.listIdentities({ pageSize: 1000, pageToken, orderBy: 'create_time' });
    for (const identity of page.identities) {
      assert.equal([identity.givenName, identity.tags], [identity.externalId, ['whole']], 'half a record');
      const title = titled.get(identity.id);
      if (title !== undefined) assert.is(identity.jobTitle, `${title}`, 'an acknowledged update is lost');
      all.set(identity.id, identity);
    }
    pageToken = page.nextPageToken;
    if (pageToken === '') break;
  }
  for (const [externalId, id] of made)
    assert.is(all.get(id)?.externalId, externalId, 'an acknowledged create is lost');
  const owners = new Map([...all].map(([id, { externalId }]) => [externalId, id]));
  assert.is(owners.size, all.size, 'two identities hold one external id');
  for (const externalId of asked) {
    const found = await client.lookupIdentity({ externalId }).then(
      ({ id }) => id,
      (error) => assert.is(error.code, 5),
    );
    assert.is(found ?? undefined, owners.get(externalId), 'a claim without its owner');
    // What nobody holds can be had: a claim that is left behind would refuse it.
    if (found === undefined) {
      const identity = identityOf({ externalId, givenName: externalId, tags: ['whole'] });
      made.set(externalId, (await client.createIdentity({ identity })).id);
    }
  }
}
