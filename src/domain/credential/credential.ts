/** The kinds of credential that an identity can hold, one of each. */
export const CREDENTIAL_TYPES = ['password', 'oidc', 'saml', 'totp', 'lookup_secret', 'webauthn'] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

/** What every credential has. It is part of the record, and left out of every read that does not ask for it. */
interface CredentialCore {
  readonly version: number;
  readonly createTime: string;
  readonly updateTime: string;
}

export interface PasswordCredential extends CredentialCore {
  readonly type: 'password';
  /** PHC text; argon2id but for what was imported and has not been signed in with yet. */
  readonly hash: string;
}

/** An account at somebody else's, found by `provider:subject`. */
export interface Connection {
  readonly provider: string;
  readonly subject: string;
  readonly organization: string | null;
}

export interface ConnectedCredential extends CredentialCore {
  readonly type: 'oidc' | 'saml';
  readonly connections: readonly Connection[];
}

export interface TotpCredential extends CredentialCore {
  readonly type: 'totp';
  /** The otpauth URL with its seed, sealed: it has to be read again at each sign-in. */
  readonly sealedUrl: string;
  /** The newest time step that a code was taken for: none of it or before is taken again. */
  readonly lastStep: number | null;
}

/** A one-time code. */
export interface LookupCode {
  /** A keyed hash: codes are too short for a plain one. */
  readonly hash: string;
  readonly usedAt: string | null;
}

export interface LookupCredential extends CredentialCore {
  readonly type: 'lookup_secret';
  /** Makes equal codes of two identities hash differently. */
  readonly salt: string;
  readonly codes: readonly LookupCode[];
}

/** Kept for whoever verifies the signatures; no sign-in here uses it. */
export interface WebauthnCredential extends CredentialCore {
  readonly type: 'webauthn';
  readonly userHandle: string;
  /** Public keys and what belongs to them, each as JSON text. */
  readonly keys: readonly string[];
}

export type CredentialRecord =
  | PasswordCredential
  | ConnectedCredential
  | TotpCredential
  | LookupCredential
  | WebauthnCredential;

/** The credential of that kind, if the list has one. */
export function credentialOf<T extends CredentialType>(
  credentials: readonly CredentialRecord[],
  type: T,
): Extract<CredentialRecord, { type: T }> | undefined {
  return credentials.find((each): each is Extract<CredentialRecord, { type: T }> => each.type === type);
}
