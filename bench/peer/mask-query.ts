import type { Contract } from './contract.js';
import type { PeerRequest } from './peer-request.js';

/**
 * Ours takes the mask of an update from the keys of its body; the peer is told the same mask by its query, so that
 * what the update does can be compared. '' where there is none.
 */
export function maskQuery(
  { rpc, body, method, path }: PeerRequest,
  { bindings, settings }: Contract,
): string {
  const binding = bindings.find((each) => each.rpc.name === rpc && each.method === method);
  const mode = binding?.option.maskFromBody;
  const type = binding?.body === '*' ? undefined : binding?.body?.message;
  const mask = binding?.rpc.input.fields.find(
    ({ message }) => message?.typeName === 'google.protobuf.FieldMask',
  );
  const keys = typeof body === 'string' ? parsed(body) : body;
  if (!mode || !type || !mask || keys === null || typeof keys !== 'object' || Array.isArray(keys)) return '';
  const paths = Object.entries(keys)
    .filter(([, value]) => mode === 'KEYS' || value !== null)
    .map(([key]) =>
      type.fields.find(({ name, jsonName }) => key === (settings.names === 'proto' ? name : jsonName)),
    )
    .flatMap((field) => field?.name ?? []);
  return paths.length === 0 ? '' : `${path.includes('?') ? '&' : '?'}${mask.name}=${paths.join(',')}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
