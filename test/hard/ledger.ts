import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceError, status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { type Contact, ContactKey, Contact as ContactMessage } from '../../src/gen/facet/v1/contact.js';
import { identityOf } from '../support/identity-message.js';
import { type Identities, listAll } from './identities-at.js';

/** What was asked of a service, and what it has acknowledged; each identity is written by one writer alone. */
export interface Ledger {
  /** Creates by their request ids: the identity's id, undefined while nobody knows whether it was made. */
  readonly made: Map<string, string | undefined>;
  /** The request ids of the creates whose identity was then changed, acknowledged. */
  readonly changed: Set<string>;
  /** How calls failed: gRPC codes. */
  readonly failures: Set<status>;
}

export function newLedger(): Ledger {
  return { made: new Map(), changed: new Set(), failures: new Set() };
}

export function acknowledgedIn({ made, changed }: Ledger): number {
  return [...made.values()].filter((id) => id !== undefined).length + changed.size;
}

const PAUSE_MS = 20;

/** Creates identities and changes each once, one after the other; what had no answer is sent again. */
export async function writeUntil(
  client: Identities,
  ledger: Ledger,
  prefix: string,
  isOver: () => boolean,
): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    const name = `${prefix}-${n}`;
    while (!isOver()) {
      try {
        const id = await create(client, ledger, name);
        const identity = identityOf({ id, jobTitle: name });
        await client.updateIdentity({ identity, updateMask: ['job_title'] });
        ledger.changed.add(name);
        break;
      } catch (error) {
        ledger.failures.add((error as ServiceError).code);
        await sleep(PAUSE_MS);
      }
    }
  }
}

async function create(client: Identities, { made }: Ledger, name: string): Promise<string> {
  if (!made.has(name)) made.set(name, undefined);
  const { id } = await client.createIdentity({ identity: wholeRecord(name), requestId: name });
  made.set(name, id);
  return id;
}

/** A record of several parts, which are there together or not at all. */
function wholeRecord(name: string) {
  const contact: Contact = {
    ...ContactMessage.decode(new Uint8Array()),
    key: ContactKey.EMAIL,
    value: `${name}@example.com`,
    externalId: `contact of ${name}`,
  };
  // Without an external id nothing but its request id keeps a create from being done twice.
  const externalId = /[02468]$/.test(name) ? name : undefined;
  return identityOf({ externalId, givenName: name, tags: ['whole'], contacts: [contact] });
}

/** Every acknowledged write is there and whole, and no create has made two records or left a claim without one. */
export async function mustHold(client: Identities, ledger: Ledger): Promise<void> {
  // A claim that was left behind would refuse the create that is sent again.
  for (const [name, id] of ledger.made) if (id === undefined) await create(client, ledger, name);
  const all = await listAll(client);
  for (const [name, id] of ledger.made) {
    const found = all.get(id!);
    assert.is(found?.givenName, name, 'an acknowledged create is lost');
    const { tags, contacts, jobTitle } = found!;
    assert.equal(
      [tags, contacts.map(({ value }) => value)],
      [['whole'], [`${name}@example.com`]],
      'a half record',
    );
    assert.ok(jobTitle === name || !ledger.changed.has(name), 'an acknowledged update is lost');
  }
  assert.is(all.size, ledger.made.size, 'a create was done twice');
}
