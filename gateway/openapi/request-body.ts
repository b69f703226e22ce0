import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { isWrapper } from '../json/well-known-from-json.js';
import type { Operation } from '../operation.js';
import type { BodyForm, MessageSchemas } from './message-schemas.js';
import type { JsonSchema } from './schema.js';
import { wellKnownSchema } from './value-type.js';

interface Body {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** The body of an operation's requests; undefined where it takes none. Any content type is read as JSON. */
export function requestBody(operation: Operation, schemas: MessageSchemas): JsonSchema | undefined {
  const { body, rpc } = operation.binding;
  if (body === undefined) return undefined;
  const { schema, required } =
    body === '*'
      ? messageBody(rpc.input, formOf(operation, ''), schemas)
      : fieldBody(body, operation, schemas);
  const streams = rpc.methodKind === 'client_streaming' || rpc.methodKind === 'bidi_streaming';
  return {
    ...(streams && { description: 'Messages of this schema, one after the other.' }),
    ...(required && { required }),
    content: { 'application/json': { schema } },
  };
}

function fieldBody(field: DescField, operation: Operation, schemas: MessageSchemas): Body {
  if (field.fieldKind !== 'message' || isWrapper(field.message)) return schemas.field(field, 'whole');
  return messageBody(field.message, formOf(operation, `${field.name}.`), schemas);
}

function messageBody(message: DescMessage, form: BodyForm, schemas: MessageSchemas): Body {
  const known = wellKnownSchema(message, 'body', false);
  if (known !== undefined) return { schema: known, required: false };
  return { schema: schemas.body(message, form), required: schemas.needsBody(message, form) };
}

/** What the path fills is no part of the body; `above` is the proto path of the body and a dot. */
function formOf({ binding, mask }: Operation, above: string): BodyForm {
  const filled = binding.template.variables
    .filter(({ field }) => field.startsWith(above))
    .map(({ field }) => field.slice(above.length));
  return { without: new Set(filled.filter((path) => !path.includes('.'))), closed: mask === 'PATCH' };
}
