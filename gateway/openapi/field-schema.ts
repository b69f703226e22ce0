import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { nullRule } from '../json/null-rule.js';
import { hasPresence, unsetForm } from '../json/presence.js';
import { isWrapper } from '../json/well-known-from-json.js';
import { commentOf } from './comments.js';
import { constrain, refuses, vocabulary } from './constraint.js';
import type { Constraint } from './keywords.js';
import type { Rules, ValueRules } from './rules.js';
import { both, described, type JsonSchema, nullable, paragraphs } from './schema.js';
import {
  isAnswer,
  type Place,
  scalarSchema,
  spelling,
  type ValueType,
  wellKnownSchema,
} from './value-type.js';

/** A field where it stands. */
export interface FieldSchema {
  readonly schema: JsonSchema;
  /** Whether it has to be there: given in a request, printed in an answer. */
  readonly required: boolean;
}

/** What the schema of a field depends on. */
export interface FieldContext {
  readonly rules: Rules;
  readonly types: 'strict' | 'proto3';
  /** The schema of a message, or of an enum, under a name of its own. */
  readonly reference: (type: ValueType, place: Place) => JsonSchema;
}

/**
 * The schema of a field. In a request it says what the rules demand; in an answer, which values there are: the
 * limits of what is sent do not bind what others have written.
 */
export function fieldSchema(field: DescField, place: Place, context: FieldContext): FieldSchema {
  const rules = context.rules.of(field);
  const typed = typedSchema(field, rules, place, context);
  const { schema: bare, required } = isAnswer(place)
    ? { schema: typed.schema, required: rules.required || unsetForm(field) !== 'omitted' }
    : demanded(field, rules, typed.schema);
  const mayBeNull = isAnswer(place)
    ? place === 'answer' && unsetForm(field) === 'null' && !rules.required
    : place === 'body' && !required && nullRule(field, context.types) !== 'refused';
  const shown = mayBeNull ? nullable(bare) : bare;
  const demands = typed.demands.length === 0 ? '' : `Rules: ${typed.demands.join('; ')}.`;
  // In strict types an empty body is a message without fields, and nothing else.
  const isBody = place === 'whole' && context.types === 'strict' && field.fieldKind !== 'message';
  const secret = field.proto.options?.debugRedact && !isAnswer(place) && shown.format === undefined;
  return {
    required: required || isBody,
    schema: {
      ...described(shown, paragraphs(commentOf(field), demands)),
      ...(secret && { format: 'password' }),
      ...(field.deprecated && { deprecated: true }),
    },
  };
}

interface Typed {
  readonly schema: JsonSchema;
  readonly demands: readonly string[];
}

function typedSchema(field: DescField, rules: ValueRules, place: Place, context: FieldContext): Typed {
  const part = (name: 'items' | 'keys' | 'values', type: ValueType) =>
    valueSchema(type, context.rules.within(rules, name), place, context);
  if (field.fieldKind === 'list') {
    const items = part('items', field);
    return withRules({ type: 'array', items: items.schema }, items.demands, rules, place);
  }
  if (field.fieldKind === 'map') {
    const values = part('values', field);
    const keys = part('keys', { scalar: field.mapKey, enum: undefined, message: undefined });
    const propertyNames = field.mapKey === ScalarType.STRING ? keys.schema : keyText(field.mapKey);
    const named = Object.keys(propertyNames).length > 1;
    const schema = { type: 'object', additionalProperties: values.schema, ...(named && { propertyNames }) };
    return withRules(schema, [...keys.demands, ...values.demands], rules, place);
  }
  return valueSchema(field, rules, place, context);
}

function keyText(key: ScalarType): JsonSchema {
  if (key === ScalarType.BOOL) return { type: 'string', enum: ['true', 'false'] };
  return { type: 'string', pattern: '^-?[0-9]+$' };
}

function withRules(schema: JsonSchema, inner: readonly string[], rules: ValueRules, place: Place): Typed {
  if (isAnswer(place)) return { schema, demands: [] };
  const { keywords, demands } = constrain(rules, (value) => [value]);
  return { schema: both(schema, keywords), demands: [...demands, ...inner] };
}

function valueSchema(type: ValueType, rules: ValueRules, place: Place, context: FieldContext): Typed {
  const strict = context.types === 'strict';
  const { message } = type;
  if (message !== undefined && isWrapper(message))
    return valueSchema(message.fields[0]!, rules, place, context);
  const finite = [...rules.standard.keys()].some((rule) => rule !== 'example');
  const base =
    (message && wellKnownSchema(message, place, strict)) ??
    (type.scalar === undefined
      ? context.reference(type, place)
      : scalarSchema(type.scalar, place, strict, finite));
  const spell = spelling(type, place, strict);
  const { keywords, demands }: Constraint = isAnswer(place)
    ? { keywords: vocabulary(rules, spell), demands: [] }
    : constrain(rules, spell);
  const zero = zeroOf(type);
  const schema = both(base, keywords);
  const orZero = rules.ignore === 'zero' && zero !== undefined && refuses(keywords, zero);
  return { schema: orZero ? { anyOf: [{ const: zero }, schema] } : schema, demands };
}

/** What a request must give: a field that is required, or whose zero value, which absence means, is refused. */
function demanded(field: DescField, rules: ValueRules, schema: JsonSchema): FieldSchema {
  if (rules.ignore === 'always') return { schema, required: false };
  if (field.fieldKind === 'list' || field.fieldKind === 'map') {
    const least = field.fieldKind === 'list' ? 'minItems' : 'minProperties';
    const shown = rules.required ? both(schema, { [least]: 1 }) : schema;
    return { schema: shown, required: shown[least] !== undefined && shown[least] !== 0 };
  }
  const zero = zeroOf(field);
  if (hasPresence(field) || zero === undefined) return { schema, required: rules.required };
  const refused = refuses(schema, zero);
  if (!rules.required || refused) return { schema, required: refused };
  return {
    schema: both(
      schema,
      typeof zero === 'string' && !field.enum ? { minLength: 1 } : { not: { const: zero } },
    ),
    required: true,
  };
}

function zeroOf({ scalar, enum: desc }: ValueType): string | number | boolean | undefined {
  if (desc !== undefined) return desc.values[0]?.name;
  if (scalar === undefined) return undefined;
  if (scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return '';
  return scalar === ScalarType.BOOL ? false : 0;
}
