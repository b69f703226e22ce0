import { etagOf } from '../../domain/etag.js';
import type { IdentityRecord, IdentityState as RecordState } from '../../domain/identity.js';
import { shownContacts } from '../../domain/shown-contacts.js';
import { type Identity, IdentityState } from '../../gen/facet/v1/identity.js';
import { identityTypeToView, propertyToView } from './agents-view.js';
import { recordToContact } from './contact-view.js';
import { connectionToProto } from './linkedin-view.js';
import { mailboxToView } from './mailbox-view.js';

const STATES: Record<RecordState, IdentityState> = {
  active: IdentityState.ACTIVE,
  inactive: IdentityState.INACTIVE,
};

/** The record as facet.v1 shows it: nothing is derived but contacts, which include the addresses in the traits. */
export function recordToIdentity(record: IdentityRecord): Identity {
  return {
    id: record.id,
    givenName: record.givenName ?? undefined,
    middleName: record.middleName ?? undefined,
    familyName: record.familyName ?? undefined,
    displayName: record.displayName ?? undefined,
    jobTitle: record.jobTitle ?? undefined,
    countryCode: record.countryCode ?? undefined,
    tags: [...record.tags],
    state: STATES[record.state],
    externalId: record.externalId ?? undefined,
    linkedin: connectionToProto(record.linkedin),
    etag: etagOf(record),
    createTime: new Date(record.createTime),
    updateTime: new Date(record.updateTime),
    contacts: shownContacts(record).map(recordToContact),
    mailbox: mailboxToView(record.mailbox),
    properties: record.agents.properties.map(propertyToView),
    identifierKey: record.agents.identifierKey ?? undefined,
    identityType: identityTypeToView(record.agents.identityType),
    projectId: record.agents.projectId ?? undefined,
  };
}
