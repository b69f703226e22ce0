import type { Contract } from '../contract.js';
import type { Settings } from '../settings.js';

/** Which contract is asked first, and with what path. */
export interface Selection {
  readonly contract: Contract;
  /** The path without the contract's prefix. */
  readonly path: string;
  /** Whether the path named the contract: then no other may answer. */
  readonly named: boolean;
}

/**
 * Makes the function that chooses a contract: the one in the path's prefix, else the one in the key,
 * else the default. The body is never looked at.
 */
export function createSelector(
  contracts: readonly Contract[],
  settings: Settings,
): (path: string, authorization: string | undefined) => Selection {
  const byName = new Map(
    contracts.filter(({ name }) => name !== '').map((contract) => [contract.name, contract]),
  );
  const fallback = byName.get(settings.default ?? '') ?? (contracts.at(-1) as Contract);
  const key = settings.keyPattern === undefined ? undefined : new RegExp(settings.keyPattern);
  const { prefix } = settings;

  return (path, authorization) => {
    if (byName.size > 0 && path.startsWith(prefix)) {
      const end = path.indexOf('/', prefix.length);
      const named = byName.get(path.slice(prefix.length, end < 0 ? undefined : end));
      if (named !== undefined) return { contract: named, path: end < 0 ? '/' : path.slice(end), named: true };
    }
    const token = key === undefined ? undefined : /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    const name = token === undefined ? undefined : key?.exec(token)?.[1];
    return { contract: byName.get(name ?? '') ?? fallback, path, named: false };
  };
}

/** The contract that answers: the one chosen, or where it does not know the path, another that alone claims it. */
export function settle(selection: Selection, contracts: readonly Contract[]): Contract {
  const { contract, path, named } = selection;
  if (named || contract.router.methods(path).length > 0) return contract;
  const others = contracts.filter((other) => other !== contract && other.router.methods(path).length > 0);
  return others.length === 1 ? (others[0] as Contract) : contract;
}
