import { STATUS_CODES } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { ContractSettings } from '../contract-settings.js';
import { Code } from '../errors/codes.js';
import { httpStatus } from '../errors/render.js';
import type { Components } from './components.js';
import { errorSchema, statusSchema } from './error-schema.js';
import { absent, type Cause, wrongMethod } from './failures.js';
import { anyOf, type JsonSchema } from './schema.js';

/** Answers that several operations share. */
export interface ErrorResponses {
  /** A reference to the answer with that status for those causes; `stream` where a stream may end with it. */
  ref(status: number, causes: readonly Cause[], stream?: boolean): JsonSchema;
  /** The schema of errors with that status, whatever caused them. */
  schema(status: number, causes: readonly Cause[]): JsonSchema;
  /** All of them by name, those for requests that lead to no operation among them. */
  all(): Record<string, JsonSchema>;
}

type Shape = 'body' | 'invalid';

export function createErrorResponses(settings: ContractSettings, components: Components): ErrorResponses {
  const { errors } = settings;
  const responses = new Map<string, JsonSchema>();

  function shapeSchema(shape: Shape, status: number): JsonSchema {
    if (errors === undefined) return components.ref('error', 'Status', () => statusSchema);
    const name = shape === 'invalid' ? 'InvalidError' : 'Error';
    // Where the template tells the status, each status has a schema of its own.
    const told = !isDeepStrictEqual(errorSchema(errors, shape, 0), errorSchema(errors, shape, 1));
    return components.ref(`error ${shape} ${told ? status : ''}`, told ? `${name}${status}` : name, () =>
      errorSchema(errors, shape, status),
    );
  }

  function schema(status: number, causes: readonly Cause[]): JsonSchema {
    const shapes = new Set(
      causes.map(({ code }): Shape => {
        return errors?.invalid !== undefined && code === Code.INVALID_ARGUMENT ? 'invalid' : 'body';
      }),
    );
    return anyOf([...shapes].map((shape) => shapeSchema(shape, status)));
  }

  function response(status: number, causes: readonly Cause[], inStream: boolean): JsonSchema {
    const plain = schema(status, causes);
    // What the gateway refuses itself is not wrapped, as in grpc-gateway.
    const wrapped = {
      type: 'object',
      properties: { error: plain },
      required: ['error'],
      additionalProperties: false,
    };
    const headers = headersOf(status, settings);
    return {
      description: [...new Set(causes.map(({ text }) => text))].join(' '),
      ...(Object.keys(headers).length > 0 && { headers }),
      content: { 'application/json': { schema: inStream ? { anyOf: [plain, wrapped] } : plain } },
    };
  }

  function ref(status: number, causes: readonly Cause[], stream = false): JsonSchema {
    const inStream = stream && settings.streamErrors === 'wrapped';
    const made = response(status, causes, inStream);
    const text = `${STATUS_CODES[status] ?? `Status ${status}`}${inStream ? ' In Stream' : ''}`;
    const base = text.replace(/[^A-Za-z0-9]/g, '');
    let name = base;
    for (let count = 2; responses.has(name) && !isDeepStrictEqual(responses.get(name), made); count++) {
      name = `${base}${count}`;
    }
    responses.set(name, made);
    return { $ref: `#/components/responses/${name}` };
  }

  return {
    ref,
    schema,
    all() {
      const wrong =
        settings.wrongMethod === 501 ? { code: wrongMethod.code, text: wrongMethod.text } : wrongMethod;
      ref(httpStatus(wrong, settings), [wrong]);
      ref(httpStatus(absent, settings), [absent]);
      return Object.fromEntries([...responses].sort(([one], [other]) => (one < other ? -1 : 1)));
    },
  };
}

function headersOf(status: number, settings: ContractSettings): Record<string, JsonSchema> {
  const headers: Record<string, JsonSchema> = {};
  const text = { type: 'string' };
  if (status === 401) {
    const schema = settings.challenge === undefined ? text : { const: settings.challenge };
    headers['WWW-Authenticate'] = { description: 'How to show who calls.', required: true, schema };
  }
  if (status === 405)
    headers.Allow = { description: 'The methods of the path.', required: true, schema: text };
  if (settings.retryAfter && (status === 429 || status === 503)) {
    const schema = { type: 'integer', minimum: 1 };
    headers['Retry-After'] = { description: 'Seconds to wait before trying again.', required: true, schema };
  }
  for (const [name, value] of Object.entries(settings.errorHeaders[status] ?? {})) {
    headers[name] = { required: true, schema: { const: value } };
  }
  return headers;
}
