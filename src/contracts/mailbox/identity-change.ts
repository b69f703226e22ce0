import { invalid } from '../../domain/errors.js';
import type { IdentityChange } from '../../domain/identity.js';
import type { MailDomain } from '../../domain/mail-domain.js';
import { type MailboxStatus, mailboxAddress } from '../../domain/mailbox.js';
import type {
  CreateIdentityRequest,
  IdentityChange as RequestedChange,
  UpdateIdentityRequest,
} from '../../gen/facet/mailbox/v1/identities.js';
import { chosenFields } from '../chosen-fields.js';

const THREAD_HISTORY_DEPTH = 10;
const MOST_CHANNEL_BYTES = 16 * 1024;

/** What a create asks for, in a domain that has been looked up: a mailbox, and the whole name. */
export function createToChange(request: CreateIdentityRequest, domain: MailDomain): IdentityChange {
  return {
    displayName: request.displayName,
    mailbox: {
      ...mailboxAddress(request.localPart, domain),
      assistantId: request.assistantId ?? null,
      replyToEmail: request.replyToEmail ?? null,
      signatureText: request.signatureText ?? null,
      signatureHtml: request.signatureHtml ?? null,
      threadHistoryDepth: request.threadHistoryDepth ?? THREAD_HISTORY_DEPTH,
      approvalChannel: channelText(request.approvalChannel, 'approval_channel'),
      status: 'active',
    },
  };
}

/** How a field of the message becomes one of the change; an unset one clears, where it can be null. */
const FIELDS: Record<string, (change: RequestedChange) => IdentityChange> = {
  assistant_id: ({ assistantId }) => ({ mailboxChange: { assistantId: assistantId ?? null } }),
  display_name: ({ displayName }) => ({ displayName: required(displayName, 'display_name') }),
  reply_to_email: ({ replyToEmail }) => ({ mailboxChange: { replyToEmail: replyToEmail ?? null } }),
  signature_text: ({ signatureText }) => ({ mailboxChange: { signatureText: signatureText ?? null } }),
  signature_html: ({ signatureHtml }) => ({ mailboxChange: { signatureHtml: signatureHtml ?? null } }),
  thread_history_depth: ({ threadHistoryDepth: depth }) => ({
    mailboxChange: { threadHistoryDepth: required(depth, 'thread_history_depth') },
  }),
  approval_channel: ({ approvalChannel }) => ({
    mailboxChange: { approvalChannel: channelText(approvalChannel, 'identity.approval_channel') },
  }),
  status: ({ status }) => ({ mailboxChange: { status: required(status, 'status') as MailboxStatus } }),
};

/** What an update asks for: the fields of its mask; without a mask, those that are set. */
export function updateToChange({ identity, updateMask }: UpdateIdentityRequest): IdentityChange {
  if (identity === undefined) return {};
  const changes = chosenFields(Object.keys(FIELDS), identity, updateMask).map((path) =>
    FIELDS[path]!(identity),
  );
  const mailboxChange = Object.assign({}, ...changes.map((change) => change.mailboxChange));
  return Object.assign({}, ...changes, { mailboxChange });
}

function required<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw invalid({ field: `identity.${name}`, description: 'must not be null', rule: 'required' });
}

/** Free-form JSON as it is stored. Throws INVALID_INPUT at `field` for a large one. */
function channelText(channel: object | undefined, field: string): string {
  const text = JSON.stringify(channel ?? {});
  if (Buffer.byteLength(text) <= MOST_CHANNEL_BYTES) return text;
  const description = `must be at most ${MOST_CHANNEL_BYTES} bytes of JSON`;
  throw invalid({ field, description, rule: 'approval_channel.size' });
}
