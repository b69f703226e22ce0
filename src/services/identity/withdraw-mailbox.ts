import { FacetError } from '../../domain/errors.js';
import { withoutMailbox } from '../../domain/identity-change.js';
import type { Wait } from '../../storage/store.js';
import type { IdentityContext } from './context.js';
import { getIdentity } from './read.js';
import { deleteIdentity, rewriteIdentity } from './write.js';

/**
 * Takes back a mailbox whose domain was deleted while it was made: the identity goes where nothing else has written
 * to it, and else stays without the mailbox.
 */
export async function withdrawMailbox(
  context: IdentityContext,
  key: { readonly tenant: string; readonly id: string },
  domainId: string,
  wait: Wait,
): Promise<void> {
  const record = await getIdentity(context, key.tenant, key.id, wait);
  if (record.mailbox?.domainId !== domainId) return;
  if (record.writtenBy.every((contract) => contract === 'mailbox')) {
    const unchanged = [String(record.version)];
    const gone = await deleteIdentity(context, key, unchanged, wait).then(
      () => true,
      (error: unknown) => {
        if (error instanceof FacetError && error.reason === 'ETAG_MISMATCH') return false;
        throw error;
      },
    );
    if (gone) return;
  }
  const now = context.now().toISOString();
  const withdraw = (each: typeof record) =>
    each.mailbox?.domainId === domainId ? withoutMailbox(each, now) : each;
  await rewriteIdentity(context, key, withdraw, { precondition: undefined }, wait);
}
