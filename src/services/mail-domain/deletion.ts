import { FacetError, type Reason } from '../../domain/errors.js';
import type { MailDomain } from '../../domain/mail-domain.js';
import { pause } from '../../storage/abort.js';
import { mutate } from '../../storage/mutate.js';
import type { Document, Key, Store, Wait } from '../../storage/store.js';
import { mailDomains } from './collection.js';

interface Context {
  readonly store: Store;
  readonly now: () => Date;
}

/** A deletion that has not been decided by then is one of a process that is gone. */
const ABANDONED_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** Notes that the domain is about to go. Throws DOMAIN_NOT_FOUND. */
export async function announceDeletion(
  { store, now }: Context,
  { tenant, id }: Key,
  wait: Wait,
): Promise<Document<MailDomain>> {
  const deleteTime = now().toISOString();
  const going = await mutate(
    store,
    mailDomains,
    { tenant, id },
    (domain) => ({ ...domain, deleteTime }),
    wait,
  );
  if (going === undefined) throw new FacetError('DOMAIN_NOT_FOUND');
  return going;
}

/** Takes the note back; the domain stays. */
export async function callOffDeletion(
  { store }: Pick<Context, 'store'>,
  { tenant, id }: Key,
  wait: Wait,
): Promise<void> {
  await mutate(store, mailDomains, { tenant, id }, ({ deleteTime, ...domain }) => domain, wait);
}

/** Why a domain that was to be removed could not be: it has gone, or a mailbox kept it. */
export async function removedMeanwhile({ store }: Context, { tenant, id }: Key, wait: Wait): Promise<Reason> {
  return (await store.get(mailDomains, { tenant, id }, wait)) === undefined
    ? 'DOMAIN_NOT_FOUND'
    : 'DOMAIN_IN_USE';
}

/**
 * Whether the domain is there, and stays for now. A deletion under way is waited for; an abandoned one is called off,
 * which a deleter that was only slow notices, since it removes what it has noted and nothing newer.
 */
export async function domainStands(context: Context, key: Key, wait: Wait): Promise<boolean> {
  for (;;) {
    const domain = (await context.store.get(mailDomains, key, wait))?.body;
    if (domain === undefined) return false;
    if (domain.deleteTime === undefined) return true;
    if (context.now().getTime() - Date.parse(domain.deleteTime) > ABANDONED_MS) {
      await callOffDeletion(context, key, wait);
    } else await pause(LOOK_EVERY_MS, wait.signal);
  }
}
