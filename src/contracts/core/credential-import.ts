import type { CredentialType } from '../../domain/credential/credential.js';
import type { CredentialImport, ImportPath } from '../../domain/credential/import.js';
import type { AccountsImport, ImportCredentialRequest } from '../../gen/facet/v1/credential.js';

/** Where facet.v1 has the parts of an import. */
export const importPath: ImportPath = (type, rest) => `${type}.${rest}`;

/** What is to be imported, and of what type it is; the rules of the proto leave exactly one. */
export function requestToImport(request: ImportCredentialRequest): {
  readonly type: CredentialType;
  readonly given: CredentialImport;
} {
  const { password, oidc, saml, totp, lookupSecret, webauthn } = request;
  if (password !== undefined) return { type: 'password', given: { password } };
  if (oidc !== undefined) return { type: 'oidc', given: { oidc: accounts(oidc) } };
  if (saml !== undefined) return { type: 'saml', given: { saml: accounts(saml) } };
  if (totp !== undefined) return { type: 'totp', given: { totp } };
  if (webauthn !== undefined) return { type: 'webauthn', given: { webauthn } };
  const codes = (lookupSecret?.codes ?? []).map(({ code, useTime }) => ({
    code,
    usedAt: useTime?.toISOString(),
  }));
  return { type: 'lookup_secret', given: { lookupSecret: { codes } } };
}

function accounts({ providers }: AccountsImport) {
  return { providers };
}
