import { DEFAULT_SCHEMA_ID, type IdentitySchema } from './identity-schema.js';

const DOCUMENT = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Person',
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          maxLength: 254,
          title: 'E-mail',
          'ory.sh/kratos': {
            credentials: { password: { identifier: true } },
            verification: { via: 'email' },
            recovery: { via: 'email' },
          },
        },
        name: {
          type: 'object',
          properties: {
            first: { type: 'string', maxLength: 255, title: 'First name', 'x-facet-field': 'given_name' },
            last: { type: 'string', maxLength: 255, title: 'Last name', 'x-facet-field': 'family_name' },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
  },
};

const BEGINNING = '1970-01-01T00:00:00.000Z';

/** The schema `default` of a tenant that has put no other under that id: e-mail and name, nothing required. */
export function builtInSchema(tenant: string): IdentitySchema {
  return {
    id: DEFAULT_SCHEMA_ID,
    tenant,
    version: 0,
    document: JSON.stringify(DOCUMENT),
    createTime: BEGINNING,
    updateTime: BEGINNING,
  };
}
