import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { bindingOf } from './binding-of.js';
import { type GoError, goError, reasonOf } from './contract-error.js';
import type { Rule } from './rules.js';

const INVALID_ARGUMENT = 3;

/**
 * Where a contract refuses unknown keys and the peer's service has read a body that has some, the answer is an error
 * that names them all and nothing else.
 */
export const refuseUnknownKeys: Rule = (answer, { contract, request }) => {
  const binding = bindingOf(contract, request);
  if (contract.settings.unknownFields !== 'refuse' || binding?.body === undefined) return answer;
  const error = goError(answer);
  const wasRead = answer.status < 300 || (error?.code === INVALID_ARGUMENT && reasonOf(error) !== undefined);
  const body = parsed(request.body);
  const keys =
    binding.body === '*'
      ? unknownIn(body, binding.rpc.input, '')
      : unknownInField(body, binding.body, binding.body.name);
  if (!wasRead || keys.length === 0) return answer;
  return {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: refusalOf(keys),
  };
};

function refusalOf(keys: readonly string[]): GoError {
  const violation = (field: string) => ({ field, description: 'is not a known field', reason: 'unknown' });
  return {
    code: INVALID_ARGUMENT,
    message: '',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'INVALID_ARGUMENT' },
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: keys.map(violation) },
    ],
  };
}

function unknownIn(value: unknown, type: DescMessage, place: string): string[] {
  // Its types have a JSON form of their own, in which any key is known.
  if (type.file.proto.package === 'google.protobuf') return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = place === '' ? key : `${place}.${key}`;
    const field = type.fields.find(({ name }) => name === key);
    return field === undefined ? [path] : unknownInField(inner, field, path);
  });
}

function unknownInField(value: unknown, field: DescField, place: string): string[] {
  const { message, fieldKind } = field;
  if (message === undefined) return [];
  if (fieldKind === 'message') return unknownIn(value, message, place);
  return Array.isArray(value)
    ? value.flatMap((item, index) => unknownIn(item, message, `${place}[${index}]`))
    : [];
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body instanceof Uint8Array ? undefined : body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
