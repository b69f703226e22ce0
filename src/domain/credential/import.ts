import type { Violation } from '../errors.js';
import type { CredentialType } from './credential.js';

/** Credentials as a caller gives them, in the clear or hashed elsewhere. */
export interface CredentialImport {
  readonly password?: PasswordImport | undefined;
  readonly oidc?: ConnectedImport | undefined;
  readonly saml?: ConnectedImport | undefined;
  readonly totp?: { readonly totpUrl: string } | undefined;
  readonly lookupSecret?: LookupImport | undefined;
  readonly webauthn?: WebauthnImport | undefined;
}

/** One of the two. */
export interface PasswordImport {
  readonly password?: string | undefined;
  readonly hashedPassword?: string | undefined;
}

export interface ConnectedImport {
  readonly providers: readonly {
    readonly subject: string;
    readonly provider: string;
    readonly organization?: string | null | undefined;
  }[];
}

export interface LookupImport {
  readonly codes: readonly { readonly code: string; readonly usedAt?: string | null | undefined }[];
}

export interface WebauthnImport {
  readonly userHandle: string;
  readonly credentials: readonly unknown[];
}

const LONGEST_PASSWORD = 1024;
const LONGEST_TEXT = 1024;
const MOST_ITEMS = 100;
const LONGEST_KEYS = 64 * 1024;

/** Where the caller gave a part of an import: the path of its field. */
export type ImportPath = (type: CredentialType, rest: string) => string;

/** Paths where each credential is an object with a `config`, as in `credentials.password.config.password`. */
export function configPath(field: string): ImportPath {
  return (type, rest) => `${field}.${type}.config.${rest}`;
}

/** Everything that is wrong with an import but the forms of hashes and totp URLs. */
export function importFaults(given: CredentialImport, at: ImportPath): Violation[] {
  return [
    ...passwordFaults(given.password, at),
    ...connectedFaults(given.oidc, 'oidc', at),
    ...connectedFaults(given.saml, 'saml', at),
    ...lookupFaults(given.lookupSecret, at),
    ...webauthnFaults(given.webauthn, at),
  ];
}

/** What is wrong with a password: only its length can be. Bytes count, since they are what is hashed. */
export function passwordFault(password: string, field: string): Violation[] {
  const bytes = new TextEncoder().encode(password).length;
  if (bytes >= 1 && bytes <= LONGEST_PASSWORD) return [];
  return [{ field, description: `must be 1 to ${LONGEST_PASSWORD} bytes`, rule: 'password.length' }];
}

function passwordFaults(given: PasswordImport | undefined, at: ImportPath): Violation[] {
  if (given === undefined) return [];
  const { password, hashedPassword } = given;
  const path = at('password', 'password');
  if ((password === undefined) === (hashedPassword === undefined)) {
    return [
      { field: path, description: 'or hashed_password must be given, and not both', rule: 'password.one' },
    ];
  }
  return password === undefined ? [] : passwordFault(password, path);
}

function connectedFaults(
  given: ConnectedImport | undefined,
  type: 'oidc' | 'saml',
  at: ImportPath,
): Violation[] {
  if (given === undefined) return [];
  const list = at(type, 'providers');
  const each = given.providers.flatMap(({ provider, subject }, index) => [
    ...textFault(provider, `${list}[${index}].provider`),
    ...textFault(subject, `${list}[${index}].subject`),
    // The first colon parts the two.
    ...(provider.includes(':')
      ? [{ field: `${list}[${index}].provider`, description: 'must not hold a colon', rule: 'provider' }]
      : []),
  ]);
  return [...countFault(given.providers, list), ...each];
}

function lookupFaults(given: LookupImport | undefined, at: ImportPath): Violation[] {
  if (given === undefined) return [];
  const list = at('lookup_secret', 'codes');
  const each = given.codes.flatMap(({ code, usedAt }, index) => [
    ...textFault(code, `${list}[${index}].code`),
    ...(usedAt && Number.isNaN(Date.parse(usedAt))
      ? [{ field: `${list}[${index}].used_at`, description: 'must be an RFC 3339 time', rule: 'time' }]
      : []),
  ]);
  return [...countFault(given.codes, list), ...each];
}

function webauthnFaults(given: WebauthnImport | undefined, at: ImportPath): Violation[] {
  if (given === undefined) return [];
  const list = at('webauthn', 'credentials');
  const size = JSON.stringify(given.credentials).length;
  const large = size > LONGEST_KEYS;
  return [
    ...textFault(given.userHandle, at('webauthn', 'user_handle')),
    ...countFault(given.credentials, list),
    ...(large ? [{ field: list, description: `must be at most ${LONGEST_KEYS} bytes`, rule: 'size' }] : []),
  ];
}

function textFault(text: string, field: string): Violation[] {
  if (text !== '' && text.length <= LONGEST_TEXT) return [];
  return [{ field, description: `must be 1 to ${LONGEST_TEXT} characters`, rule: 'string.len' }];
}

function countFault(items: readonly unknown[], field: string): Violation[] {
  if (items.length >= 1 && items.length <= MOST_ITEMS) return [];
  return [{ field, description: `must be 1 to ${MOST_ITEMS} items`, rule: 'repeated.len' }];
}
