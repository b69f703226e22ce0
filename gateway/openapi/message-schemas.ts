import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import { printedName } from '../json/field-name.js';
import type { JsonOptions } from '../json/options.js';
import { commentOf } from './comments.js';
import { type Components, componentName } from './components.js';
import { type FieldContext, type FieldSchema, fieldSchema } from './field-schema.js';
import type { Choice, Rules } from './rules.js';
import { described, type JsonSchema, paragraphs } from './schema.js';
import { enumSchema, isAnswer, type Place } from './value-type.js';

/** What sets the body of one operation apart from its message. */
export interface BodyForm {
  /** Proto names of fields that the path fills. */
  readonly without: ReadonlySet<string>;
  /** Whether keys that the message does not have are refused, though the contract ignores them elsewhere. */
  readonly closed: boolean;
}

/** The schemas of messages and their fields, as one contract writes them. */
export interface MessageSchemas {
  body(message: DescMessage, form?: BodyForm): JsonSchema;
  /** Whether a body without any field is refused. */
  needsBody(message: DescMessage, form: BodyForm): boolean;
  answer(message: DescMessage): JsonSchema;
  field(field: DescField, place: Place): FieldSchema;
}

export interface SchemaOptions extends JsonOptions {
  readonly packageName: string;
  readonly rules: Rules;
  readonly components: Components;
  /** The messages that stand in answers: where they stand in requests too, that form has a name of its own. */
  readonly answered: ReadonlySet<DescMessage>;
}

export function createMessageSchemas(options: SchemaOptions): MessageSchemas {
  const { names, rules, components, packageName } = options;

  const context: FieldContext = {
    rules,
    types: options.types,
    reference: (type, place) => {
      if (type.enum !== undefined) return enumReference(type.enum);
      return isAnswer(place) ? answer(type.message!) : body(type.message!);
    },
  };

  function enumReference(desc: DescEnum): JsonSchema {
    return components.ref(`enum ${desc.typeName}`, componentName(desc, packageName), () => {
      const values = desc.values.map((value) => `- \`${value.name}\`: ${commentOf(value)}`);
      const told = desc.values.some((value) => commentOf(value) !== '');
      return described(enumSchema(desc), paragraphs(commentOf(desc), told ? values.join('\n') : ''));
    });
  }

  function answer(message: DescMessage): JsonSchema {
    return components.ref(`answer ${message.typeName}`, componentName(message, packageName), () => ({
      ...described({ type: 'object' }, commentOf(message)),
      ...properties(message.fields, 'answer'),
      additionalProperties: false,
    }));
  }

  function body(message: DescMessage, form?: BodyForm): JsonSchema {
    const without = form?.without ?? new Set();
    const closed = options.unknownFields === 'refuse' || form?.closed === true;
    const fields = message.fields.filter((field) => !without.has(field.name));
    const key = `body ${message.typeName} ${fields.length < message.fields.length ? [...without] : ''} ${closed}`;
    const name = componentName(message, packageName) + (options.answered.has(message) ? 'Input' : '');
    return components.ref(key, name, () => {
      const demands = rules.demands(message);
      const told = demands.length === 0 ? '' : `Rules: ${demands.join('; ')}.`;
      return {
        ...described({ type: 'object' }, paragraphs(commentOf(message), told)),
        ...properties(fields, 'body'),
        ...chosen(
          rules.choices(message).filter((choice) => choice.fields.every((each) => fields.includes(each))),
        ),
        ...(closed && { additionalProperties: false }),
      };
    });
  }

  function properties(fields: readonly DescField[], place: Place): JsonSchema {
    const made = fields.map((field) => ({
      name: printedName(field, names),
      ...fieldSchema(field, place, context),
    }));
    const required = made.filter((each) => each.required).map(({ name }) => name);
    return {
      properties: Object.fromEntries(made.map(({ name, schema }) => [name, schema])),
      ...(required.length > 0 && { required }),
    };
  }

  /** Of each choice one field, or where it may be left open at most one. */
  function chosen(choices: readonly Choice[]): JsonSchema {
    const ways = choices
      .filter(({ fields, required }) => required || fields.length > 1)
      .map(({ fields, required }) => {
        const each = fields.map((field) => ({ required: [printedName(field, names)] }));
        return { oneOf: required ? each : [...each, { not: { anyOf: each } }] };
      });
    return ways.length > 1 ? { allOf: ways } : (ways[0] ?? {});
  }

  return {
    body,
    needsBody: (message, { without }) =>
      rules.choices(message).some(({ required }) => required) ||
      message.fields.some(
        (field) => !without.has(field.name) && fieldSchema(field, 'body', context).required,
      ),
    answer,
    field: (field, place) => fieldSchema(field, place, context),
  };
}
