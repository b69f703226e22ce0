import { Identity } from '../../src/gen/facet/v1/identity.js';

/** An identity message with these fields set. */
export const identityOf = (fields: Partial<Identity>): Identity => ({
  ...Identity.decode(new Uint8Array()),
  ...fields,
});
