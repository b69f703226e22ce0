import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { shownName } from '../../domain/names.js';
import type { Identity } from '../../gen/facet/mailbox/v1/identities.js';
import { workspaceId } from './workspace-id.js';

/**
 * The record as mailbox shows it. Only a record with a mailbox is in this view: any other is IDENTITY_NOT_FOUND.
 * Derived: the display name falls back to the parts of the name joined.
 */
export function recordToIdentity(record: IdentityRecord): Identity {
  const { mailbox } = record;
  if (mailbox === null) throw new FacetError('IDENTITY_NOT_FOUND');
  return {
    id: record.id,
    workspaceId: workspaceId(record.tenant),
    domainId: mailbox.domainId,
    assistantId: mailbox.assistantId ?? undefined,
    localPart: mailbox.localPart,
    emailAddress: mailbox.address,
    displayName: shownName(record),
    replyToEmail: mailbox.replyToEmail ?? undefined,
    signatureText: mailbox.signatureText ?? undefined,
    signatureHtml: mailbox.signatureHtml ?? undefined,
    threadHistoryDepth: mailbox.threadHistoryDepth,
    status: mailbox.status,
    approvalChannel: JSON.parse(mailbox.approvalChannel),
    createdAt: wholeSecond(record.createTime),
    updatedAt: wholeSecond(record.updateTime),
  };
}

/** The document writes times without a fraction, and a Timestamp prints one only where it has one. */
function wholeSecond(time: string): Date {
  return new Date(Math.floor(Date.parse(time) / 1000) * 1000);
}
