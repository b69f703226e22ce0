import type { DescField, DescMessage } from '@bufbuild/protobuf';

/** Which member of each oneof a request has set, so that no second one is. */
export interface Choices {
  /** Notes that a field is set; false where its oneof has another member, or the same one and it is no message. */
  choose(parents: readonly DescField[], field: DescField): boolean;
}

/** The choices that the body and the path parameters, given by their field paths, have made already. */
export function createChoices(desc: DescMessage, taken: readonly (readonly string[])[]): Choices {
  const chosen = new Map<string, DescField>();
  const keyOf = (path: readonly string[], oneof: string) => [...path, oneof].join('.');
  for (const path of taken) {
    let message: DescMessage | undefined = desc;
    for (let i = 0; i < path.length; i++) {
      const field: DescField | undefined = message?.fields.find((one) => one.name === path[i]);
      if (field?.oneof) chosen.set(keyOf(path.slice(0, i), field.oneof.name), field);
      message = field?.message;
    }
  }
  return {
    choose(parents, field) {
      if (field.oneof === undefined) return true;
      const names = parents.map((parent) => parent.name);
      const key = keyOf(names, field.oneof.name);
      const other = chosen.get(key);
      chosen.set(key, field);
      // A message may be set in parts, one parameter for each.
      return other === undefined || (other === field && field.fieldKind === 'message');
    },
  };
}
