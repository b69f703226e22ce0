import { Code } from '../errors/codes.js';
import { GatewayError } from '../errors/failure.js';
import { type JsonNode, JsonSyntaxError, parseJson } from '../json/parse.js';
import type { Exchange } from './exchange.js';
import { readBody } from './read-body.js';

/** Reads a request into the bytes of its message. Throws a GatewayError, or ClientGone. */
export async function readRequest(exchange: Exchange): Promise<Uint8Array> {
  const { request, operation, parameters, settings, contract } = exchange;
  let { query } = exchange;
  let body: JsonNode | undefined;
  if (exchange.formAsQuery) {
    const form = Buffer.from(await readBody(request, settings.limits.body)).toString('latin1');
    query = [form, query].filter((part) => part !== '').join('&');
  } else if (operation.takesBody) {
    const bytes = await readBody(request, settings.limits.body);
    body = readJson(() =>
      parseJson(bytes, { maxDepth: settings.limits.depth, trailing: contract.settings.trailingData }),
    );
  }
  const lastEventId = request.headers['last-event-id'];
  return operation.encodeRequest({
    body,
    query,
    parameters,
    lastEventId: typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined,
  });
}

/** Turns the parser's complaints into the error that callers see. */
export function readJson<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw toSyntaxFailure(error);
  }
}

/** The error for a body that is not JSON; anything else is returned as it is. */
export function toSyntaxFailure(error: unknown): unknown {
  if (!(error instanceof JsonSyntaxError)) return error;
  return new GatewayError({
    code: Code.INVALID_ARGUMENT,
    reason: 'INVALID_JSON',
    message: error.message,
    violations: [{ place: 'body', field: '', description: error.message, rule: 'json_invalid' }],
  });
}
