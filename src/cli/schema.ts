import { readFile } from 'node:fs/promises';
import { identitySchemas } from '../services/schema/collection.js';
import { putSchema } from '../services/schema/operations.js';
import { CommandError, UsageError } from './command-errors.js';
import { parseOptions } from './parse-options.js';
import { withStore } from './with-store.js';

/** `facet schema put`. */
export async function schemaCommand([verb, ...rest]: readonly string[]): Promise<void> {
  if (verb !== 'put') throw new UsageError(`schema has put${verb === undefined ? '' : `, not "${verb}"`}`);
  const { values, positionals } = parseOptions(
    rest,
    { tenant: { type: 'string' }, id: { type: 'string' }, json: { type: 'boolean' } },
    true,
  );
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('schema put takes one file');
  const { tenant, id } = values;
  if (tenant === undefined) throw new UsageError('--tenant is missing: whose traits the schema is for');
  if (id === undefined)
    throw new UsageError('--id is missing: "default" is for identities that name no schema');
  const document = JSON.stringify(await readJson(file));
  const now = () => new Date();
  const put = await withStore([identitySchemas], (store) =>
    putSchema({ store, now }, { tenant, id, document }),
  );
  console.log(values.json ? JSON.stringify(put) : put.id);
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new CommandError(`${file} cannot be read: ${error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`);
  }
}
