/** The documents in the order of the ids; an id that is named twice gives its document twice. */
export function inOrder<D extends { readonly id: string }>(
  documents: readonly D[],
  ids: readonly string[],
): D[] {
  const byId = new Map(documents.map((document) => [document.id, document]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
