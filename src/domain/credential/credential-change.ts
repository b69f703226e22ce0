import { FacetError } from '../errors.js';
import { type CredentialRecord, type CredentialType, credentialOf } from './credential.js';
import { connectionIdentifier } from './identifiers.js';

type Credentials = readonly CredentialRecord[];
type Dated<T extends CredentialRecord = CredentialRecord> = T extends CredentialRecord
  ? Omit<T, 'version' | 'createTime' | 'updateTime'>
  : never;

/** A credential that is ready to be written: hashed or sealed. */
export type PreparedCredential = Dated;

/** What an identity signs in with at first. */
const FIRST_FACTORS: readonly CredentialType[] = ['password', 'oidc', 'saml'];

/** The credentials with others put in: accounts join those that are there, all else takes its kind's place. */
export function importCredentials(
  before: Credentials,
  prepared: readonly PreparedCredential[],
  now: string,
): Credentials {
  const all = new Map(before.map((each) => [each.type, each]));
  for (const each of prepared) {
    const old = all.get(each.type);
    const core = { version: 0, createTime: old?.createTime ?? now, updateTime: now };
    all.set(each.type, { ...core, ...joined(old, each) } as CredentialRecord);
  }
  return [...all.values()];
}

function joined(old: CredentialRecord | undefined, added: PreparedCredential): PreparedCredential {
  if (!('connections' in added) || old === undefined || !('connections' in old)) return added;
  const again = new Set(added.connections.map(connectionIdentifier));
  const kept = old.connections.filter((each) => !again.has(connectionIdentifier(each)));
  return { ...added, connections: [...kept, ...added.connections] };
}

/**
 * The credentials without one, or for oidc and saml without one account. Throws CREDENTIAL_NOT_FOUND, and
 * LAST_FIRST_FACTOR where nothing would be left to sign in with.
 */
export function deleteCredential(
  before: Credentials,
  { type, identifier }: { readonly type: CredentialType; readonly identifier?: string | undefined },
): Credentials {
  const credential = credentialOf(before, type);
  if (credential === undefined) throw new FacetError('CREDENTIAL_NOT_FOUND');
  const left = 'connections' in credential ? withoutAccount(credential, identifier) : undefined;
  const after = before.flatMap((each) => (each === credential ? (left ?? []) : [each]));
  if (FIRST_FACTORS.includes(type) && !after.some((each) => FIRST_FACTORS.includes(each.type)))
    throw new FacetError('LAST_FIRST_FACTOR');
  return after;
}

function withoutAccount(
  credential: Extract<CredentialRecord, { connections: unknown }>,
  identifier: string | undefined,
): CredentialRecord | undefined {
  const connections = credential.connections.filter((each) => connectionIdentifier(each) !== identifier);
  if (connections.length === credential.connections.length) throw new FacetError('CREDENTIAL_NOT_FOUND');
  return connections.length === 0 ? undefined : { ...credential, connections };
}
