import type { OutgoingHttpHeaders } from 'node:http2';
import type { Metadata } from '../transport.js';

/** Adds metadata to the headers of a call; binary values as base64. */
export function addMetadata(headers: OutgoingHttpHeaders, metadata: Metadata): void {
  for (const [name, value] of metadata) {
    const text = typeof value === 'string' ? value : Buffer.from(value).toString('base64');
    const before = headers[name];
    if (before === undefined) headers[name] = text;
    else headers[name] = Array.isArray(before) ? [...before, text] : [String(before), text];
  }
}

// What HTTP and gRPC add for themselves is nobody's metadata.
const ofTheWire =
  /^(?::.*|content-type|date|grpc-(?:status|message|status-details-bin|encoding|accept-encoding))$/;

/** Reads metadata from raw HTTP/2 headers, names and values in turn. */
export function readMetadata(raw: readonly string[]): Metadata {
  const metadata: [string, string | Uint8Array][] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    const value = raw[at + 1] as string;
    if (ofTheWire.test(name)) continue;
    if (!name.endsWith('-bin')) metadata.push([name, value]);
    // Repeated binary values may come joined by commas.
    else for (const part of value.split(',')) metadata.push([name, Buffer.from(part.trim(), 'base64')]);
  }
  return metadata;
}

/** The first value of a raw header. */
export function rawHeader(raw: readonly string[], name: string): string | undefined {
  for (let at = 0; at < raw.length; at += 2) if (raw[at] === name) return raw[at + 1];
  return undefined;
}
