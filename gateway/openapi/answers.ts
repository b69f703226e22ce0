import type { DescMessage } from '@bufbuild/protobuf';
import type { ContractSettings } from '../contract-settings.js';
import type { Operation } from '../operation.js';
import type { ErrorResponses } from './error-responses.js';
import { failuresOf } from './failures.js';
import { answerHeaders } from './headers.js';
import type { MessageSchemas } from './message-schemas.js';
import { anyOf, described, type JsonSchema } from './schema.js';
import { wellKnownSchema } from './value-type.js';

/** What answers are described with. */
export interface AnswerContext {
  readonly settings: ContractSettings;
  readonly schemas: MessageSchemas;
  readonly errors: ErrorResponses;
  /** The resources that have versions. */
  readonly versioned: ReadonlySet<DescMessage>;
}

/** The answers of an operation, by HTTP status. */
export function answersOf(operation: Operation, context: AnswerContext): Record<string, JsonSchema> {
  const { option, rpc } = operation.binding;
  const streams = rpc.methodKind === 'server_streaming' || rpc.methodKind === 'bidi_streaming';
  const answers: Record<string, JsonSchema> = streams
    ? streamAnswers(operation, context)
    : { [option.successStatus]: unaryAnswer(operation, context) };
  for (const [status, causes] of failuresOf(operation, context.settings)) {
    answers[status] = context.errors.ref(status, causes, streams);
  }
  return answers;
}

function unaryAnswer(operation: Operation, { settings, schemas, versioned }: AnswerContext): JsonSchema {
  const headers = answerHeaders(operation, versioned, settings);
  const isEmpty = operation.binding.option.successStatus === 204;
  return {
    description: isEmpty ? 'Done.' : 'The answer.',
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(!isEmpty && { content: contentOf(operation, schemas) }),
  };
}

function contentOf({ binding }: Operation, schemas: MessageSchemas): JsonSchema {
  const type = binding.responseBody === undefined ? binding.rpc.output : binding.responseBody.message;
  if (type?.typeName === 'google.api.HttpBody' && binding.responseBody?.fieldKind !== 'list')
    return { '*/*': {} };
  return { 'application/json': { schema: messageSchema(binding, schemas) } };
}

function messageSchema({ rpc, responseBody }: Operation['binding'], schemas: MessageSchemas): JsonSchema {
  if (responseBody !== undefined) return schemas.field(responseBody, 'bare').schema;
  return wellKnownSchema(rpc.output, 'bare', false) ?? schemas.answer(rpc.output);
}

/**
 * A stream is lines of JSON, of which the schema describes one each, as in grpc-gateway's own documents; or
 * server-sent events, whose data is the bare message.
 */
function streamAnswers(
  operation: Operation,
  { settings, schemas, errors }: AnswerContext,
): Record<string, JsonSchema> {
  const message = messageSchema(operation.binding, schemas);
  const failures = [...failuresOf(operation, settings)].map(([status, causes]) =>
    errors.schema(status, causes),
  );
  const line = (name: string, schema: JsonSchema) => ({
    type: 'object',
    properties: { [name]: schema },
    required: [name],
    additionalProperties: false,
  });
  const lines = described(
    {
      anyOf: [
        settings.streamMessages === 'bare' ? message : line('result', message),
        line('error', anyOf(failures)),
      ],
    },
    'One line of the answer. An error ends the stream.',
  );
  const events = described(
    { type: 'string' },
    'Events whose data is a message; one of the type `error`, whose data is the error, ends the stream.',
  );
  return {
    200: {
      description: 'The messages as they come, each on a line of its own, or as server-sent events.',
      content: {
        'application/json': { schema: lines },
        'application/x-ndjson': { schema: lines },
        'text/event-stream': { schema: events, 'x-data-schema': message },
      },
    },
    204: { description: 'A stream of server-sent events has nothing left.' },
  };
}
