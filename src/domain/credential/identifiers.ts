import { fold } from '../fold.js';
import type { TraitFacts } from '../traits.js';
import type { Connection, CredentialRecord, CredentialType } from './credential.js';

/** A credential's claim or token: its kind and its values, told apart whatever they contain. */
const told = (kind: string, value: string): string => JSON.stringify([kind, value]);

/** The credentials whose identifiers are traits. A schema may name others: those claim nothing. */
export const TRAIT_KINDS: readonly string[] = [
  'password',
  'code',
  'webauthn',
  'totp',
  'lookup_secret',
  'passkey',
];

/** What identifiers are compared as: case and spaces around do not count. */
export function credentialIdentifier(text: string): string {
  return fold(text.trim());
}

/** How an account at a provider is named. */
export function connectionIdentifier({
  provider,
  subject,
}: Pick<Connection, 'provider' | 'subject'>): string {
  return `${provider}:${subject}`;
}

/** What holds an identifier for one identity of the tenant. */
export function credentialClaim(kind: string, identifier: string): string {
  return told(kind, identifier);
}

/** What identities are found by through any of their credentials' identifiers, whatever the case. */
export function credentialToken(identifier: string): string {
  return told('credential', credentialIdentifier(identifier));
}

interface Holder {
  readonly traitFacts: TraitFacts;
  readonly credentials: readonly CredentialRecord[];
}

/** What a credential is found by: accounts for oidc and saml, marked traits for the others. */
export function credentialIdentifiers(
  { traitFacts, credentials }: Holder,
  type: CredentialType,
): readonly string[] {
  if (type === 'oidc' || type === 'saml') {
    return credentials.flatMap((each) =>
      each.type === type && 'connections' in each ? each.connections.map(connectionIdentifier) : [],
    );
  }
  return traitFacts.identifiers.filter(({ credential }) => credential === type).map(({ value }) => value);
}

/**
 * Every identifier that the record holds, by its kind. Marked traits count whether or not the credential is set, so
 * that nobody else can take what the identity would sign in with.
 */
export function heldIdentifiers(
  holder: Holder,
): readonly { readonly kind: string; readonly value: string }[] {
  const marked = holder.traitFacts.identifiers
    .filter(({ credential }) => TRAIT_KINDS.includes(credential))
    .map(({ credential, value }) => ({ kind: credential, value }));
  const connected = (['oidc', 'saml'] as const).flatMap((kind) =>
    credentialIdentifiers(holder, kind).map((value) => ({ kind, value })),
  );
  return [...marked, ...connected];
}
