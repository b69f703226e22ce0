import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { textMessageWriter } from '../binding/text-message.js';
import { printedName } from '../json/field-name.js';
import type { JsonOptions } from '../json/options.js';
import type { Operation } from '../operation.js';
import type { MessageSchemas } from './message-schemas.js';
import type { PathTemplate } from './path-template.js';
import type { Choice, Rules } from './rules.js';
import { both, described, type JsonSchema, paragraphs } from './schema.js';

/** A parameter object of OpenAPI. */
export type Parameter = Readonly<Record<string, unknown>>;

export interface ParameterOptions extends JsonOptions {
  readonly schemas: MessageSchemas;
  readonly rules: Rules;
}

/** The parameters in an operation's path. */
export function pathParameters(
  { binding }: Operation,
  { parameters }: PathTemplate,
  { schemas }: ParameterOptions,
): Parameter[] {
  return parameters.map(({ name, field, whole }) => {
    const leaf = field === undefined ? undefined : fieldAt(binding.rpc.input, field);
    const { description = '', ...schema } = leaf === undefined ? {} : schemas.field(leaf, 'text').schema;
    const shown = whole ? schema : { type: 'string' };
    return {
      ...described({ name, in: 'path', required: true }, description as string),
      // An empty segment is no parameter.
      schema: shown.type === 'string' ? both(shown, { minLength: 1 }) : shown,
    };
  });
}

/** The parameters of an operation's query: the request fields that neither path nor body fill. */
export function queryParameters({ binding, notInQuery }: Operation, options: ParameterOptions): Parameter[] {
  const found: Parameter[] = [];
  const { rules, schemas, names } = options;
  const textRules = { place: 'query' as const, strict: options.types === 'strict' };

  function visit(message: DescMessage, above: readonly DescField[], wanted: boolean): void {
    const choices = rules.choices(message);
    for (const field of message.fields) {
      const path = [...above, field];
      if (isExcluded(path)) continue;
      const content = field.message === undefined ? undefined : textMessageWriter(field.message, textRules);
      if (field.message === undefined || content !== undefined) {
        found.push(
          parameter(
            path,
            wanted,
            choices.find(({ fields }) => fields.includes(field)),
          ),
        );
      } else if (field.fieldKind === 'message' && !above.some((each) => each.message === field.message)) {
        visit(field.message, path, wanted && rules.of(field).required);
      }
    }
  }

  function isExcluded(path: readonly DescField[]): boolean {
    return notInQuery.some((prefix) => prefix.every((name, index) => name === path[index]?.name));
  }

  function parameter(path: readonly DescField[], wanted: boolean, choice: Choice | undefined): Parameter {
    const field = path.at(-1)!;
    const { schema, required } = schemas.field(field, 'text');
    const { description = '', deprecated, ...shown } = schema;
    const text = paragraphs(description as string, choice === undefined ? '' : choiceText(choice));
    return {
      ...described({ name: path.map((each) => printedName(each, names)).join('.'), in: 'query' }, text),
      ...(wanted && required && { required: true }),
      ...(deprecated === true && { deprecated }),
      ...styled(field, shown),
    };
  }

  function choiceText({ fields, required }: Choice): string {
    if (fields.length < 2) return '';
    const list = fields.map((field) => `\`${printedName(field, names)}\``).join(', ');
    return `${required ? 'Exactly' : 'At most'} one of ${list}.`;
  }

  if (binding.body !== '*') visit(binding.rpc.input, [], true);
  return found;
}

// Free-form JSON is written as JSON; a map as name[key]=value.
function styled(field: DescField, schema: JsonSchema): Parameter {
  const isJson = /^google\.protobuf\.(?:Struct|Value)$/.test(field.message?.typeName ?? '');
  if (field.fieldKind === 'message' && isJson) return { content: { 'application/json': { schema } } };
  return field.fieldKind === 'map' ? { style: 'deepObject', explode: true, schema } : { schema };
}

function fieldAt(message: DescMessage, path: string): DescField | undefined {
  let within: DescMessage | undefined = message;
  let field: DescField | undefined;
  for (const name of path.split('.')) {
    field = within?.fields.find((each) => each.name === name);
    within = field?.message;
  }
  return field;
}
