import type { Contract } from '../contract.js';
import type { Operation } from '../operation.js';
import type { Match } from './router.js';
import { type Selection, settle } from './select.js';

/** The request line and what bends it. */
export interface Asked {
  readonly method: string;
  /** X-HTTP-Method-Override, which only form posts may use. */
  readonly override: string | undefined;
  /** Whether the body is a form. */
  readonly isForm: boolean;
  /** Whether it is so plainly a form that a POST may stand for another method. */
  readonly mayStandIn: boolean;
}

/** Where a request leads. */
export type Resolution =
  | {
      readonly kind: 'found';
      readonly contract: Contract;
      readonly match: Match<Operation>;
      /** Whether the form in the body counts as query parameters. */
      readonly formAsQuery: boolean;
    }
  | { readonly kind: 'known'; readonly contract: Contract; readonly allow: readonly string[] }
  | { readonly kind: 'unknown'; readonly contract: Contract };

/** Finds the operation for a request. Throws MalformedEscape where its path cannot be decoded. */
export function resolve(asked: Asked, selection: Selection, contracts: readonly Contract[]): Resolution {
  const { path } = selection;
  const quick = find(asked, selection.contract, path);
  if (quick !== undefined) return quick;
  const contract = settle(selection, contracts);
  const found = contract === selection.contract ? undefined : find(asked, contract, path);
  if (found !== undefined) return found;
  const methods = contract.router.methods(path);
  if (methods.length === 0) return { kind: 'unknown', contract };
  const implied = methods.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS'];
  return { kind: 'known', contract, allow: [...new Set([...methods, ...implied])] };
}

function find(asked: Asked, contract: Contract, path: string): Resolution | undefined {
  const { router } = contract;
  const { sideDoors } = contract.settings;
  const standsIn = asked.mayStandIn && sideDoors;
  const overridden = standsIn ? asked.override?.toUpperCase() : undefined;
  let formAsQuery = overridden !== undefined;
  let match = router.match(overridden ?? asked.method, path);
  if (match === undefined && asked.method === 'HEAD') match = router.match('GET', path);
  if (match === undefined && standsIn && (overridden ?? 'POST') === 'POST') {
    match = router.match('GET', path);
    formAsQuery = true;
  }
  if (match === undefined) return undefined;
  if (asked.isForm && sideDoors && !match.route.takesBody) formAsQuery = true;
  return { kind: 'found', contract, match, formAsQuery };
}
