import type { ContactRecord, ContactKey as RecordKey } from '../../domain/contact.js';
import { type Contact, ContactKey } from '../../gen/facet/v1/contact.js';

const KEYS: Record<RecordKey, ContactKey> = { email: ContactKey.EMAIL, phone: ContactKey.PHONE };

/** A contact as facet.v1 shows it. */
export function recordToContact(contact: ContactRecord): Contact {
  return {
    id: contact.id,
    key: KEYS[contact.key],
    value: contact.value,
    externalId: contact.externalId ?? undefined,
    createTime: new Date(contact.createTime),
    updateTime: new Date(contact.updateTime),
  };
}
