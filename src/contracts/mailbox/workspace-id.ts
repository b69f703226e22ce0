import { createHash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Of our own, drawn once: another one would change every workspace id. */
const NAMESPACE = Buffer.from('5b0f4c0e6f5d4e0b9a3c7d2e8f10a4b6', 'hex');

/** The tenant as the document's workspace: itself where it is a UUID, else a UUIDv5 of it (RFC 9562 5.5). */
export function workspaceId(tenant: string): string {
  if (UUID.test(tenant)) return tenant.toLowerCase();
  const bytes = createHash('sha1').update(NAMESPACE).update(tenant).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
