import type { IdentityRecord } from '../../domain/identity.js';
import type { FilterCondition } from '../../domain/identity-filter.js';
import type { Wait } from '../../storage/store.js';
import type { IdentityContext } from './context.js';
import { listIdentities } from './list.js';

/** A part of the list in the order in which identities were made, between two of them or beside one. */
export interface IdentityWindow {
  readonly conditions: readonly FilterCondition[];
  readonly descending: boolean;
  readonly limit: number;
  /** The part ends early rather than pass this many bytes of records, though never empty. */
  readonly maxBytes: number;
  /** Only what comes after this identity, which need not meet the conditions. */
  readonly after?: string | undefined;
  /** Only what comes before this one: without `after` those next to it, else from there on. */
  readonly before?: string | undefined;
}

/**
 * The identities of a window in the list's order. Ids are that order and never change, so what others write moves
 * nothing that stands.
 */
export async function listWindow(
  context: IdentityContext,
  tenant: string,
  window: IdentityWindow,
  wait: Wait,
): Promise<IdentityRecord[]> {
  const { after, before, descending, ...query } = window;
  const isBackward = before !== undefined && after === undefined;
  const from = isBackward ? before : after;
  const page = await listIdentities(
    context,
    tenant,
    {
      ...query,
      order: { field: 'id', descending: descending !== isBackward },
      after: from === undefined ? undefined : { value: from, id: from },
    },
    wait,
  );
  if (isBackward) return page.records.reverse();
  if (before === undefined) return page.records;
  return page.records.filter(({ id }) => (descending ? id > before : id < before));
}
