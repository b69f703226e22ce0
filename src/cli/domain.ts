import { uuidv7 } from 'uuidv7';
import { mailDomains } from '../services/mail-domain/collection.js';
import { addDomain } from '../services/mail-domain/operations.js';
import { UsageError } from './command-errors.js';
import { parseOptions } from './parse-options.js';
import { withStore } from './with-store.js';

/** `facet domain add`. */
export async function domainCommand([verb, ...rest]: readonly string[]): Promise<void> {
  if (verb !== 'add') throw new UsageError(`domain has add${verb === undefined ? '' : `, not "${verb}"`}`);
  const { values, positionals } = parseOptions(
    rest,
    {
      tenant: { type: 'string' },
      verified: { type: 'boolean' },
      json: { type: 'boolean' },
    },
    true,
  );
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError('domain add takes one name');
  const { tenant, verified = false } = values;
  if (tenant === undefined) throw new UsageError('--tenant is missing: whose mailboxes the domain is for');
  const now = () => new Date();
  const domain = await withStore([mailDomains], (store) =>
    addDomain({ store, now }, { tenant, name, verified, id: uuidv7() }),
  );
  console.log(values.json ? JSON.stringify(domain) : domain.id);
  if (!values.json && !verified) console.error('No mailbox can be made in it before it is verified.');
}
