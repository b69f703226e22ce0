import { DEVELOPMENT_DOMAIN } from '../../src/services/mail-domain/development-domain.js';

/** How one contract's identities are made, changed and listed. */
export interface Contract {
  readonly name: string;
  /** Below which its identities are. */
  readonly path: string;
  readonly made: (n: string) => object;
  /** The method and body of a change. */
  readonly changed: (n: string) => readonly [string, object];
  readonly page: string;
}

/** Those over REST; core is called over gRPC. */
export const CONTRACTS: readonly Contract[] = [
  {
    name: 'outreach',
    path: '/v1/identities',
    made: (n) => ({ firstName: 'Ada', lastName: `Byron ${n}`, role: 'Analyst' }),
    changed: (n) => ['PUT', { jobTitle: `Countess ${n}` }],
    page: '?limit=20',
  },
  {
    name: 'profiles',
    path: '/v1/profiles',
    made: (n) => ({
      firstName: 'Mary',
      countryNumericCode: '840',
      contacts: [{ key: 'email', value: `mary-${n}@example.org` }],
    }),
    changed: (n) => ['PATCH', { middleName: `Jane ${n}` }],
    page: '?limit=20&sort_by=name',
  },
  {
    name: 'mailbox',
    path: '/api/mailbox/v1/identities',
    made: (n) => ({
      domain_id: DEVELOPMENT_DOMAIN.id,
      local_part: `mary-${n}`,
      display_name: 'Mary at Acme',
    }),
    changed: (n) => ['PATCH', { display_name: `Mary ${n}` }],
    page: '?limit=20',
  },
  {
    name: 'agents',
    path: '/api/agents/v1/identities',
    made: (n) => ({ identifier_key: `key-${n}`, name: `Grace ${n}`, identity_type: 'user' }),
    changed: (n) => ['PATCH', { name: `Grace Hopper ${n}` }],
    page: '?limit=20',
  },
  {
    name: 'admin',
    path: '/admin/identities',
    made: (n) => ({
      schema_id: 'default',
      traits: { email: `${n}@example.com`, name: { first: 'Ada', last: n } },
      credentials: { oidc: { config: { providers: [{ provider: 'example', subject: n }] } } },
    }),
    changed: (n) => ['PATCH', [{ op: 'replace', path: '/traits/name/last', value: `Byron ${n}` }]],
    page: '?page_size=20',
  },
];
