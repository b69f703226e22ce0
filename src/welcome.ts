import type { Config } from './config/config.js';
import { DEVELOPMENT_DOMAIN } from './services/mail-domain/development-domain.js';

interface FirstCall {
  readonly path: string;
  /** POST where it is not given. */
  readonly method?: string;
  readonly body: object;
}

/** A first call of each contract that is served, under whichever key. */
const firstCalls = (domainId: string): Record<string, FirstCall> => ({
  outreach: { path: '/v1/identities', body: { firstName: 'Ada', lastName: 'Byron', role: 'Analyst' } },
  profiles: {
    path: '/v1/profiles',
    body: {
      firstName: 'Ada',
      countryNumericCode: '826',
      contacts: [{ key: 'email', value: 'ada@example.com' }],
    },
  },
  mailbox: {
    path: '/api/mailbox/v1/identities',
    // An address is one identity's: one that was used at an earlier start would be refused.
    body: { domain_id: domainId, local_part: `ada-${Date.now().toString(36)}`, display_name: 'Ada Byron' },
  },
  agents: {
    path: '/v1/identities/',
    // An upsert, so that it works as often as it is pasted.
    method: 'PUT',
    body: { identifier_key: 'ada', name: 'Ada Byron', identity_type: 'user' },
  },
  // Without an e-mail, which is one identity's: it works as often as it is pasted.
  admin: { path: '/admin/identities', body: { traits: { name: { first: 'Ada', last: 'Byron' } } } },
  core: { path: '/api/core/v1/identities', body: { givenName: 'Ada', familyName: 'Byron' } },
});

/** What a person who has just started Facet is told: commands that work as pasted. */
export function welcome(config: Config, addresses: { grpc: string; rest: string }): string {
  const embedded = config.settings.MONGODB_URI === undefined;
  const store = embedded ? `the embedded store in ${config.settings.FACET_DATA_DIR}` : 'MongoDB';
  const lines = [`Facet keeps identities in ${store}.`, ''];
  if (!config.developmentKeys) {
    lines.push(
      'Make a key, and put it in the place of KEY:',
      '  npx facet key create --tenant acme --contract outreach',
      'For mailboxes, add a domain, and put its id in the place of DOMAIN:',
      '  npx facet domain add example.com --tenant acme --verified',
      '',
    );
  }
  for (const [contract, { path, method, body }] of Object.entries(
    firstCalls(config.developmentKeys ? DEVELOPMENT_DOMAIN.id : 'DOMAIN'),
  )) {
    const key = config.developmentKeys ? `facet_${contract}_dev` : 'KEY';
    lines.push(
      `# ${contract}`,
      `curl -s ${method === undefined ? '' : `-X ${method} `}http${tls(config)}://${addresses.rest}${path} -H 'Authorization: Bearer ${key}' -d '${JSON.stringify(body)}'`,
    );
  }
  const key = config.developmentKeys ? 'facet_core_dev' : 'KEY';
  const plain = tls(config) ? '' : ' -plaintext';
  lines.push(
    '# gRPC',
    `grpcurl${plain} -H 'authorization: Bearer ${key}' ${addresses.grpc} facet.v1.IdentityService/ListIdentities`,
    '',
  );
  return lines.join('\n');
}

function tls(config: Config): string {
  return config.settings.FACET_TLS_CERT === undefined ? '' : 's';
}
