import type { CredentialImport } from '../../domain/credential/import.js';
import { FacetError } from '../../domain/errors.js';
import type {
  ConnectionsImport,
  CredentialImport as ImportMessage,
} from '../../gen/facet/admin/v1/identities.js';
import type { Call } from '../../rpc/call.js';

/**
 * The credentials that a request brings; undefined where it brings none. Throws SCOPE_MISSING where the key may not
 * handle credentials.
 */
export function messageToImport(
  message: ImportMessage | undefined,
  call: Call,
): CredentialImport | undefined {
  if (message === undefined || Object.values(message).every((each) => each === undefined)) return undefined;
  if (!call.principal.scopes.includes('admin')) throw new FacetError('SCOPE_MISSING');
  const { password, oidc, saml, totp, lookupSecret, webauthn } = message;
  return {
    ...(password?.config && {
      password: { password: password.config.password, hashedPassword: password.config.hashedPassword },
    }),
    ...(oidc && { oidc: connections(oidc) }),
    ...(saml && { saml: connections(saml) }),
    ...(totp?.config && { totp: { totpUrl: totp.config.totpUrl } }),
    ...(lookupSecret?.config && {
      lookupSecret: {
        codes: lookupSecret.config.codes.map(({ code, usedAt }) => ({ code, usedAt: usedAt?.toISOString() })),
      },
    }),
    ...(webauthn?.config && { webauthn: webauthn.config }),
  };
}

function connections({ config }: ConnectionsImport) {
  return {
    providers: (config?.providers ?? []).map(({ subject, provider, organization }) => ({
      subject,
      provider,
      organization: organization ?? null,
    })),
  };
}
