import type { MailboxRecord, MailboxStatus as RecordStatus } from '../../domain/mailbox.js';
import { type Mailbox, MailboxStatus } from '../../gen/facet/v1/mailbox.js';

const STATUSES: Record<RecordStatus, MailboxStatus> = {
  active: MailboxStatus.ACTIVE,
  suspended: MailboxStatus.SUSPENDED,
};

/** The mailbox as facet.v1 shows it; undefined where the record has none. */
export function mailboxToView(mailbox: MailboxRecord | null): Mailbox | undefined {
  if (mailbox === null) return undefined;
  return {
    domainId: mailbox.domainId,
    localPart: mailbox.localPart,
    address: mailbox.address,
    assistantId: mailbox.assistantId ?? undefined,
    replyToEmail: mailbox.replyToEmail ?? undefined,
    signatureText: mailbox.signatureText ?? undefined,
    signatureHtml: mailbox.signatureHtml ?? undefined,
    threadHistoryDepth: mailbox.threadHistoryDepth,
    approvalChannel: JSON.parse(mailbox.approvalChannel),
    status: STATUSES[mailbox.status],
  };
}
