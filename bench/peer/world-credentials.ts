/** Calls our core contract; answers the text of the body. */
export type Call = (
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<string>;

/** The parts of an identity that are about signing in, each made when it is first named. */
export function credentialParts(
  call: Call,
  make: (part: string | undefined) => Promise<string>,
  unique: string,
): Record<string, () => Promise<string>> {
  const hasTotp = async () => {
    await call('POST', `/identities/${await make(undefined)}/credentials`, { totp: { totpUrl: TOTP_URL } });
  };
  return {
    account: async () => {
      const id = await make(undefined);
      await call('PATCH', `/identities/${id}`, { state: 'IDENTITY_STATE_ACTIVE' });
      const oidc = { providers: [{ provider: 'github', subject: unique }] };
      await call('POST', `/identities/${id}/credentials`, { oidc });
      return id;
    },
    auth: async () => {
      const path = `/identities/${await make('account')}/sessions`;
      return parse(await call('POST', path, { method: 'CREDENTIAL_TYPE_OIDC' })).session.id;
    },
    token: async () => {
      const path = `/identities/${await make('account')}/sessions`;
      return parse(await call('POST', path, { method: 'CREDENTIAL_TYPE_OIDC' })).sessionToken;
    },
    credential: async () => {
      await hasTotp();
      return 'CREDENTIAL_TYPE_TOTP';
    },
    totp: async () => {
      await hasTotp();
      return 'totp';
    },
  };
}

const TOTP_URL = 'otpauth://totp/Facet:ada?secret=JBSWY3DPEHPK3PXP';

function parse(text: string): { session: { id: string }; sessionToken: string } {
  return JSON.parse(text);
}
