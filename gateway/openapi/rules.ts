import {
  type AnyDesc,
  type DescExtension,
  type DescField,
  type DescMessage,
  type DescOneof,
  type FileRegistry,
  getExtension,
  hasExtension,
  type Message,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { commentOf } from './comments.js';

/** What buf.validate says of one value. */
export interface ValueRules {
  readonly required: boolean;
  /** Whether the rules are not asked about zero values, or about any. */
  readonly ignore: 'never' | 'zero' | 'always';
  /** The type that the rules are for, as in `string` or `repeated`; '' where there are none. */
  readonly kind: string;
  /** Standard rules by their names in buf/validate/validate.proto, as in `max_len`. */
  readonly standard: ReadonlyMap<string, unknown>;
  /** Rules of the image's own that extend the standard ones. */
  readonly own: readonly OwnRule[];
  /** What rules without a name demand, a sentence part each. */
  readonly demands: readonly string[];
}

/** A rule that the image defines (buf.validate.predefined), and the value it was given. */
export interface OwnRule {
  readonly value: unknown;
  /** A sentence part that follows the field's name. */
  readonly demand: string;
  /** In CEL. */
  readonly expressions: readonly string[];
}

/** Of the fields, one at most, or exactly one where `required`, may be given. */
export interface Choice {
  readonly fields: readonly DescField[];
  readonly required: boolean;
}

/** Reads the rules of an image; a field without any has none. */
export interface Rules {
  of(field: DescField): ValueRules;
  /** The rules of a list's elements, or of a map's keys or values. */
  within(rules: ValueRules, part: 'items' | 'keys' | 'values'): ValueRules;
  choices(message: DescMessage): Choice[];
  /** What a message must be as a whole, a sentence part each. */
  demands(message: DescMessage): string[];
}

const none: ValueRules = {
  required: false,
  ignore: 'never',
  kind: '',
  standard: new Map(),
  own: [],
  demands: [],
};

// enum Ignore of buf/validate/validate.proto.
const IGNORES: Readonly<Record<number, ValueRules['ignore']>> = { 1: 'zero', 3: 'always' };

/** Reads by the image's own descriptors of buf.validate; without those there are no rules. */
export function createRules(registry: FileRegistry): Rules {
  const extensions = [...registry].filter((desc) => desc.kind === 'extension');

  function option(
    desc: AnyDesc & { proto: { options?: Message } },
    name: string,
  ): ReflectMessage | undefined {
    const extension = registry.getExtension(name);
    const { options } = desc.proto;
    if (extension?.message === undefined || options === undefined) return undefined;
    if (!hasExtension(options, extension)) return undefined;
    return reflect(extension.message, getExtension(options, extension) as Message);
  }

  function valueRules(rules: ReflectMessage | undefined): ValueRules {
    if (rules === undefined) return none;
    const values = setFields(rules);
    const kind = rules.oneofs.map((oneof) => rules.oneofCase(oneof)).find((field) => field !== undefined);
    const typed = kind === undefined ? undefined : (values.get(kind.name) as ReflectMessage);
    return {
      required: values.get('required') === true,
      ignore: IGNORES[(values.get('ignore') as number | undefined) ?? 0] ?? 'never',
      kind: kind?.name ?? '',
      standard: typed === undefined ? new Map() : setFields(typed),
      own: typed === undefined ? [] : extensions.flatMap((extension) => ownRule(typed, extension)),
      demands: demandsIn(values),
    };
  }

  function ownRule(rules: ReflectMessage, extension: DescExtension): OwnRule[] {
    if (extension.extendee.typeName !== rules.desc.typeName || !hasExtension(rules.message, extension))
      return [];
    const defined = option(extension, 'buf.validate.predefined');
    const cel = defined === undefined ? [] : celRules(setFields(defined));
    const value = getExtension(rules.message, extension);
    const messages = cel.map(({ message }) => message).filter((message) => message !== '');
    const demand =
      messages.length > 0 ? messages.join(', ') : `${commentOf(extension).replace(/\.$/, '')}: ${value}`;
    return [{ value, demand, expressions: cel.map(({ expression }) => expression) }];
  }

  return {
    of: (field) => valueRules(option(field, 'buf.validate.field')),
    within: (rules, part) => valueRules(rules.standard.get(part) as ReflectMessage | undefined),
    choices(message) {
      const oneofs = message.oneofs.map((oneof: DescOneof): Choice => {
        const rules = option(oneof, 'buf.validate.oneof');
        return {
          fields: oneof.fields,
          required: rules !== undefined && setFields(rules).get('required') === true,
        };
      });
      const rules = option(message, 'buf.validate.message');
      const written = rules === undefined ? [] : ((setFields(rules).get('oneof') ?? []) as ReflectMessage[]);
      const more = written.map((each): Choice => {
        const values = setFields(each);
        const names = (values.get('fields') ?? []) as string[];
        return {
          fields: message.fields.filter(({ name }) => names.includes(name)),
          required: values.get('required') === true,
        };
      });
      return [...oneofs, ...more];
    },
    demands(message) {
      const rules = option(message, 'buf.validate.message');
      return rules === undefined ? [] : demandsIn(setFields(rules));
    },
  };
}

/** The fields that are set, by proto name; lists as arrays. */
function setFields(message: ReflectMessage): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const field of message.desc.fields) {
    if (!message.isSet(field)) continue;
    const value = message.get(field);
    values.set(field.name, field.fieldKind === 'list' ? [...(value as Iterable<unknown>)] : value);
  }
  return values;
}

function demandsIn(values: ReadonlyMap<string, unknown>): string[] {
  const bare = (values.get('cel_expression') ?? []) as string[];
  return [...celRules(values).map(({ id, message }) => message || id), ...bare];
}

function celRules(
  values: ReadonlyMap<string, unknown>,
): { id: string; message: string; expression: string }[] {
  return ((values.get('cel') ?? []) as ReflectMessage[]).map((rule) => {
    const fields = setFields(rule);
    const text = (name: string) => (fields.get(name) as string | undefined) ?? '';
    return { id: text('id'), message: text('message'), expression: text('expression') };
  });
}
