import type { DescField } from '@bufbuild/protobuf';
import type { Answer } from './answer.js';
import { bindingOf } from './binding-of.js';
import type { Contract } from './contract.js';
import { goError } from './contract-error.js';
import type { PeerRequest } from './peer-request.js';

/**
 * Ours takes the mask of an update from the keys of its body; the peer is told the same mask by its query, so that
 * what the update does can be compared. '' where there is none.
 */
export function maskQuery(request: PeerRequest, contract: Contract): string {
  const found = maskOf(request, contract);
  if (found === undefined) return '';
  const paths = found.keys
    .filter(({ value }) => found.mode === 'KEYS' || value !== null)
    .flatMap(({ field }) => field?.name ?? []);
  return paths.length === 0
    ? ''
    : `${request.path.includes('?') ? '&' : '?'}${found.name}=${paths.join(',')}`;
}

/** Whether the peer could not make a mask of a body because of a key that the contract ignores. */
export function failsByMask(answer: Answer, request: PeerRequest, contract: Contract): boolean {
  return (
    contract.settings.unknownFields === 'ignore' &&
    /^could not find field "/.test(goError(answer)?.message ?? '') &&
    (maskOf(request, contract)?.keys ?? []).some(({ field }) => field === undefined)
  );
}

/** The body without the keys that no field takes, which leave nothing to be made a mask of. */
export function withoutUnknownKeys(request: PeerRequest, contract: Contract): object {
  const known = maskOf(request, contract)?.keys.filter(({ field }) => field !== undefined) ?? [];
  return Object.fromEntries(known.map(({ key, value }) => [key, value]));
}

interface Mask {
  readonly mode: string;
  /** The field that the mask is in. */
  readonly name: string;
  readonly keys: readonly {
    readonly key: string;
    readonly value: unknown;
    readonly field: DescField | undefined;
  }[];
}

function maskOf(request: PeerRequest, contract: Contract): Mask | undefined {
  const binding = bindingOf(contract, request);
  const mode = binding?.option.maskFromBody;
  const type = binding?.body === '*' ? undefined : binding?.body?.message;
  const mask = binding?.rpc.input.fields.find(
    ({ message }) => message?.typeName === 'google.protobuf.FieldMask',
  );
  const body = typeof request.body === 'string' ? parsed(request.body) : request.body;
  if (!mode || !type || !mask || body === null || typeof body !== 'object' || Array.isArray(body)) return;
  const nameOf = ({ name, jsonName }: DescField) => (contract.settings.names === 'proto' ? name : jsonName);
  const keys = Object.entries(body).map(([key, value]) => {
    return { key, value, field: type.fields.find((field) => nameOf(field) === key) };
  });
  return { mode, name: mask.name, keys };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
