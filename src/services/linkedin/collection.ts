import type { SessionRecord } from '../../domain/linkedin/session.js';
import { indexSession, SESSION_FIELDS } from '../../domain/linkedin/session-index.js';
import type { Collection, Document } from '../../storage/store.js';

/** The LinkedIn logins of all tenants. */
export const linkedinSessions: Collection<SessionRecord> = {
  name: 'linkedin_sessions',
  fields: SESSION_FIELDS,
  everyTenant: ['state', 'dueAt'],
  index: indexSession,
};

export type SessionDocument = Document<SessionRecord>;
