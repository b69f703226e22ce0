import { notFound } from './identity-id.js';
import type { ListWindow } from './list-window.js';

/**
 * The part of a list of links that is asked for. Throws NOT_FOUND for a cursor that is none of them.
 *
 * @param kind of what is linked, as texts name it
 */
export function linkWindow(
  kind: 'Agent' | 'Block',
  links: readonly string[],
  { before, after, descending, limit }: ListWindow,
): string[] {
  const inOrder = descending ? links.toReversed() : links;
  const place = (id: string) => {
    const at = inOrder.indexOf(id);
    if (at < 0) throw notFound(kind, id);
    return at;
  };
  const from = after === undefined ? 0 : place(after) + 1;
  const to = before === undefined ? inOrder.length : place(before);
  // What is before a place is looked for from there: the page next to it, as in the list of identities.
  const isBackward = before !== undefined && after === undefined;
  return isBackward ? inOrder.slice(Math.max(0, to - limit), to) : inOrder.slice(from, to).slice(0, limit);
}
