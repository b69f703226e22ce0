import type { Config } from './config/config.js';

/** A first call of each contract that is served. */
const FIRST_CALLS: Record<string, { readonly path: string; readonly body: object }> = {
  outreach: { path: '/v1/identities', body: { firstName: 'Ada', lastName: 'Byron', role: 'Analyst' } },
  profiles: {
    path: '/v1/profiles',
    body: {
      firstName: 'Ada',
      countryNumericCode: '826',
      contacts: [{ key: 'email', value: 'ada@example.com' }],
    },
  },
  core: { path: '/api/core/v1/identities', body: { givenName: 'Ada', familyName: 'Byron' } },
};

/** What a person who has just started Facet is told: commands that work as pasted. */
export function welcome(config: Config, addresses: { grpc: string; rest: string }): string {
  const embedded = config.settings.MONGODB_URI === undefined;
  const store = embedded ? `the embedded store in ${config.settings.FACET_DATA_DIR}` : 'MongoDB';
  const lines = [`Facet keeps identities in ${store}.`, ''];
  if (!config.developmentKeys) {
    lines.push(
      'Make a key, and put it in the place of KEY:',
      '  npx facet key create --tenant acme --contract outreach',
      '',
    );
  }
  for (const [contract, { path, body }] of Object.entries(FIRST_CALLS)) {
    const key = config.developmentKeys ? `facet_${contract}_dev` : 'KEY';
    lines.push(
      `# ${contract}`,
      `curl -s http${tls(config)}://${addresses.rest}${path} -H 'Authorization: Bearer ${key}' -d '${JSON.stringify(body)}'`,
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
