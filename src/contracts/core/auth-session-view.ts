import type { AssuranceLevel, SessionDevice } from '../../domain/auth-session/auth-session.js';
import type { AuthSessionView } from '../../domain/auth-session/view.js';
import type { CredentialType as Kind } from '../../domain/credential/credential.js';
import {
  AuthenticatorAssuranceLevel,
  type AuthSession,
  type SessionDevice as DeviceMessage,
} from '../../gen/facet/v1/auth_session.js';
import { CredentialType } from '../../gen/facet/v1/credential_type.js';

const METHOD: Record<Kind, CredentialType> = {
  password: CredentialType.PASSWORD,
  oidc: CredentialType.OIDC,
  saml: CredentialType.SAML,
  totp: CredentialType.TOTP,
  lookup_secret: CredentialType.LOOKUP_SECRET,
  webauthn: CredentialType.WEBAUTHN,
};

const LEVEL: Record<AssuranceLevel, AuthenticatorAssuranceLevel> = {
  aal1: AuthenticatorAssuranceLevel.AAL1,
  aal2: AuthenticatorAssuranceLevel.AAL2,
};

/** The session as facet.v1 shows it. */
export function authSessionToProto(session: AuthSessionView): AuthSession {
  return {
    id: session.id,
    identityId: session.identityId,
    active: session.active,
    authenticatorAssuranceLevel: LEVEL[session.aal],
    authenticationMethods: session.methods.map(({ method, aal, completedAt }) => ({
      method: METHOD[method],
      authenticatorAssuranceLevel: LEVEL[aal],
      completeTime: new Date(completedAt),
    })),
    issueTime: new Date(session.issuedAt),
    authenticateTime: new Date(session.authenticatedAt),
    expireTime: new Date(session.expiresAt),
    devices: session.devices.map(({ id, ipAddress, userAgent, location }) => ({
      id,
      ipAddress: ipAddress ?? undefined,
      userAgent: userAgent ?? undefined,
      location: location ?? undefined,
    })),
  };
}

/** The enum's name of a kind of credential. */
export function credentialTypeToProto(kind: Kind): CredentialType {
  return METHOD[kind];
}

/** The kind of credential that the enum names; undefined for none. */
export function credentialTypeOf(type: CredentialType): Kind | undefined {
  return (Object.keys(METHOD) as Kind[]).find((kind) => METHOD[kind] === type);
}

/** The level that the enum names: one factor where it names none. */
export function assuranceLevelOf(level: AuthenticatorAssuranceLevel): AssuranceLevel {
  return level === AuthenticatorAssuranceLevel.AAL2 ? 'aal2' : 'aal1';
}

/** Where a session is used, as a request tells. */
export function deviceOf(device: DeviceMessage | undefined): Omit<SessionDevice, 'id'> | undefined {
  if (device === undefined) return undefined;
  const { ipAddress = null, userAgent = null, location = null } = device;
  return { ipAddress, userAgent, location };
}
