import type { AuthSessionView } from '../../domain/auth-session/view.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { Session } from '../../gen/facet/admin/v1/identities.js';
import { recordToIdentity } from './identity-view.js';

/** A session as admin shows it, with whose it is. */
export function sessionToView(session: AuthSessionView, record: IdentityRecord): Session {
  return {
    id: session.id,
    active: session.active,
    expiresAt: new Date(session.expiresAt),
    authenticatedAt: new Date(session.authenticatedAt),
    authenticatorAssuranceLevel: session.aal,
    authenticationMethods: session.methods.map(({ method, aal, completedAt }) => ({
      method,
      aal,
      completedAt: new Date(completedAt),
    })),
    issuedAt: new Date(session.issuedAt),
    identity: recordToIdentity(record, 'none'),
    devices: session.devices.map(({ id, ipAddress, userAgent, location }) => ({
      id,
      ipAddress: ipAddress ?? undefined,
      userAgent: userAgent ?? undefined,
      location: location ?? undefined,
    })),
  };
}
