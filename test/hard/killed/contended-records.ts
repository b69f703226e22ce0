import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { identityOf } from '../../support/identity-message.js';
import { listAll } from '../identities-at.js';
import { actsOn, CLAIMS, type Clients, clientsAt, contactOf, personOf } from './contended-acts.js';
import { createFates } from './fates.js';
import { inLoops, type LoadKind } from './load.js';
import { createTitles, type Titles } from './titles.js';

const WRITERS = 48;
const RECORDS = 8;

export const contendedRecords: LoadKind = {
  what: `${WRITERS} writers over gRPC to ${RECORDS} records and ${2 * CLAIMS} claims`,
  role: 'service',
  async begin(started, key) {
    const clients = clientsAt(started, key);
    const records = new Map<string, Titles>();
    for (let n = 0; n < RECORDS; n++) {
      const { id } = await clients.identities.createIdentity({ identity: identityOf({ tags: ['shared'] }) });
      records.set(id, createTitles());
    }
    const [people, contacts] = [createFates(), createFates()];
    const acts = actsOn({ records, people, contacts }, clients);
    let acknowledged = 0;
    const loops = inLoops(WRITERS, async (writer, isOver) => {
      for (let n = writer; !isOver(); n++) {
        try {
          await acts[n % acts.length]!(n * WRITERS + writer);
          acknowledged++;
        } catch {
          // Another holds the claim or was faster, nothing is there to be removed, or the process is gone.
          await sleep(1);
        }
      }
    });

    return {
      acknowledged: () => acknowledged,
      async end() {
        await loops.end();
        clients.close();
      },
      async mustHold(at) {
        const reader = clientsAt(at, key);
        const all = await listAll(reader.identities);
        for (const [id, titles] of records) titles.mustHold(all.get(id));
        people.mustHold('the identity', (id) => all.has(id));
        const held = [...all.values()].flatMap((owner) =>
          owner.contacts.map((contact) => [`${owner.id}/${contact.id}`, contact.externalId] as const),
        );
        const ids = new Set<string>(held.map(([id]) => id));
        contacts.mustHold('the contact', (id) => ids.has(id));
        const claims = [
          ...held.map(([, claim]) => claim),
          ...[...all.values()].map(({ externalId }) => externalId),
        ];
        const taken = claims.filter((claim) => claim !== undefined);
        assert.is(new Set(taken).size, taken.length, 'two hold one claim');
        await mustBeFree(reader, [...records.keys()][0]!, taken);
        reader.close();
      },
    };
  },
};

/** What nobody holds can be had: a claim that was left behind would refuse it. */
async function mustBeFree(
  { identities, contacts }: Clients,
  identityId: string,
  taken: readonly string[],
): Promise<void> {
  for (let claim = 0; claim < CLAIMS; claim++) {
    if (!taken.includes(personOf(claim).externalId!)) {
      const { id } = await identities.createIdentity({ identity: personOf(claim) });
      await identities.deleteIdentity({ id });
    }
    if (taken.includes(contactOf(claim).externalId!)) continue;
    const { id } = await contacts.createContact({ identityId, contact: contactOf(claim) });
    await contacts.deleteContact({ identityId, contactId: id });
  }
}
