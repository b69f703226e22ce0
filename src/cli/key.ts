import { CONTRACT_NAMES, type ContractName } from '../domain/identity.js';
import { KEY_SCOPES, type KeyScope, keys } from '../services/keys/key-record.js';
import { createKey, type KeyView, listKeys, revokeKey } from '../services/keys/operations.js';
import type { Store } from '../storage/store.js';
import { CommandError, UsageError } from './command-errors.js';
import { parseOptions } from './parse-options.js';
import { withStore } from './with-store.js';

/** `facet key create|list|revoke`. */
export async function keyCommand(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === 'create') return create(rest);
  if (verb === 'list') return list(rest);
  if (verb === 'revoke') return revoke(rest);
  throw new UsageError(`key has create, list and revoke${verb === undefined ? '' : `, not "${verb}"`}`);
}

async function create(args: string[]): Promise<void> {
  const { values } = parseOptions(args, {
    tenant: { type: 'string' },
    contract: { type: 'string' },
    scope: { type: 'string', multiple: true },
    expires: { type: 'string' },
    once: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const { tenant, contract, expires } = values;
  if (tenant === undefined) throw new UsageError('--tenant is missing: whose identities the key opens');
  if (contract === undefined || !isContract(contract)) {
    throw new UsageError(`--contract must be one of ${CONTRACT_NAMES.join(', ')}`);
  }
  const scopes = (values.scope ?? []).flatMap((words) => words.split(',')).map(scopeOf);
  const expireTime = expires === undefined ? undefined : timeOf(expires);
  const made = await withStore([keys], async (store) => {
    const known = values.once ? await heldKey(store, tenant, contract) : undefined;
    return known ?? createKey(store, { tenant, contract, scopes, expireTime });
  });
  if (!('key' in made)) {
    console.error(`Tenant ${tenant} has the key ${made.id} for ${contract}: none is made.`);
    return;
  }
  const { key, view } = made;
  if (values.json) {
    console.log(JSON.stringify({ key, ...view }));
    return;
  }
  console.log(key);
  console.error(
    `Key ${view.id} for tenant ${view.tenant}: ${view.scopes.join(', ')}. It is not shown again.`,
  );
}

/** A key of the tenant and contract that still opens something. */
async function heldKey(store: Store, tenant: string, contract: ContractName): Promise<KeyView | undefined> {
  for await (const view of listKeys(store, tenant)) {
    if (view.contract === contract && stateOf(view) === 'valid') return view;
  }
  return undefined;
}

async function list(args: string[]): Promise<void> {
  const { values } = parseOptions(args, { tenant: { type: 'string' }, json: { type: 'boolean' } });
  await withStore([keys], async (store) => {
    let count = 0;
    for await (const view of listKeys(store, values.tenant)) {
      count += 1;
      console.log(values.json ? JSON.stringify(view) : row(view));
    }
    if (count === 0) console.error('There are no keys yet: facet key create --tenant T --contract C');
  });
}

async function revoke(args: string[]): Promise<void> {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } }, true);
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0)
    throw new UsageError('key revoke takes one id; facet key list shows them');
  const view = await withStore([keys], (store) => revokeKey(store, id));
  if (view === undefined) throw new CommandError(`there is no key ${id}; facet key list shows them`);
  console.log(values.json ? JSON.stringify(view) : `revoked ${view.id}`);
}

function row(view: KeyView): string {
  const { id, tenant, contract, scopes, createTime } = view;
  return [id, tenant, contract, scopes.join(','), stateOf(view), createTime].join('\t');
}

function stateOf({ expireTime, revokeTime }: KeyView): 'revoked' | 'expired' | 'valid' {
  const expired = expireTime !== null && Date.parse(expireTime) <= Date.now();
  return revokeTime !== null ? 'revoked' : expired ? 'expired' : 'valid';
}

function isContract(text: string): text is ContractName {
  return (CONTRACT_NAMES as readonly string[]).includes(text);
}

function scopeOf(text: string): KeyScope {
  const scope = KEY_SCOPES.find((each) => each === text);
  if (scope === undefined) throw new UsageError(`--scope must be one of ${KEY_SCOPES.join(', ')}`);
  return scope;
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new UsageError('--expires must be a time, as in 2027-01-31T00:00:00Z');
  return time;
}
