import { invalid } from './errors.js';

export const MAILBOX_STATUSES = ['active', 'suspended'] as const;
export type MailboxStatus = (typeof MAILBOX_STATUSES)[number];

/** The mailbox of an identity, part of its record. A field that is not set is null. */
export interface MailboxRecord {
  readonly domainId: string;
  /** Before the @, in lower case. */
  readonly localPart: string;
  /** The whole address, unique in the tenant; never changed. */
  readonly address: string;
  /** A link that means nothing here. */
  readonly assistantId: string | null;
  readonly replyToEmail: string | null;
  readonly signatureText: string | null;
  /** As it was given: nothing here shows it. */
  readonly signatureHtml: string | null;
  /** How many messages of a thread are read. */
  readonly threadHistoryDepth: number;
  /** A JSON object as text. */
  readonly approvalChannel: string;
  readonly status: MailboxStatus;
}

/** What a caller may change. Undefined keeps, null clears. */
export type MailboxChange = {
  readonly [Name in Exclude<keyof MailboxRecord, 'domainId' | 'localPart' | 'address'>]?:
    | MailboxRecord[Name]
    | undefined;
};

/** What an address may have in all (RFC 5321 4.5.3.1.3, less the angle brackets). */
const LONGEST_ADDRESS = 254;

/** Where a mailbox is: its parts in lower case, and the address that they make. Throws INVALID_INPUT for a long one. */
export function mailboxAddress(
  localPart: string,
  domain: { readonly id: string; readonly name: string },
): Pick<MailboxRecord, 'domainId' | 'localPart' | 'address'> {
  const local = localPart.toLowerCase();
  const address = `${local}@${domain.name}`;
  if (address.length > LONGEST_ADDRESS) {
    const description = `must make an address of at most ${LONGEST_ADDRESS} characters`;
    throw invalid({ field: 'local_part', description, rule: 'mailbox.address' });
  }
  return { domainId: domain.id, localPart: local, address };
}
