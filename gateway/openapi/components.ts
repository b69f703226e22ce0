import type { DescEnum, DescMessage } from '@bufbuild/protobuf';
import type { JsonSchema } from './schema.js';

/** The schemas that a document gives names to. */
export interface Components {
  /** A reference to the schema of that key, which is built, under that name or the next free one, when first asked for. */
  ref(key: string, name: string, build: () => JsonSchema): JsonSchema;
  /** All of them, by name in alphabetical order. */
  all(): Record<string, JsonSchema>;
}

export function createComponents(): Components {
  const names = new Map<string, string>();
  const schemas = new Map<string, JsonSchema>();
  return {
    ref(key, base, build) {
      let name = names.get(key);
      if (name === undefined) {
        name = base;
        for (let count = 2; schemas.has(name); count++) name = `${base}${count}`;
        names.set(key, name);
        // A message may contain itself, so the name is taken before its schema is there.
        schemas.set(name, {});
        schemas.set(name, build());
      }
      return { $ref: `#/components/schemas/${name}` };
    },
    all: () => Object.fromEntries([...schemas].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** The name of a type in its own package's document. */
export function componentName(desc: DescEnum | DescMessage, packageName: string): string {
  const { typeName } = desc;
  return typeName.startsWith(`${packageName}.`) ? typeName.slice(packageName.length + 1) : typeName;
}

/** The messages that are part of these, at any depth, themselves included. */
export function messagesWithin(roots: readonly (DescMessage | undefined)[]): Set<DescMessage> {
  const found = new Set<DescMessage>();
  const visit = (message: DescMessage | undefined): void => {
    if (message === undefined || found.has(message)) return;
    found.add(message);
    for (const field of message.fields) visit(field.message);
  };
  roots.forEach(visit);
  return found;
}
