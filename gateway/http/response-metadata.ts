import type { ServerResponse } from 'node:http';
import type { Metadata } from '../transport.js';

/** How metadata of an answer become headers. */
export interface ResponseHeaderRules {
  /** Lower-case names that become headers of their own; all others get the prefix `Grpc-Metadata-`. */
  readonly allowed: ReadonlySet<string>;
}

/**
 * Writes header metadata to the answer. Binary values are base64; `Location` and `Link` are resolved
 * against `path`, the request's own path as its caller wrote it.
 */
export function writeHeaderMetadata(
  response: ServerResponse,
  metadata: Metadata,
  rules: ResponseHeaderRules,
  path: string,
): void {
  for (const [name, value] of metadata) {
    if (name === 'content-type') continue;
    const text = toText(value);
    if (!rules.allowed.has(name)) response.appendHeader(`Grpc-Metadata-${canonical(name)}`, text);
    else if (name === 'location') response.setHeader('Location', resolve(text, path));
    else if (name === 'link')
      response.appendHeader(
        'Link',
        text.replace(/<([^<>]*)>/g, (_, ref: string) => `<${resolve(ref, path)}>`),
      );
    else response.setHeader(canonical(name), text);
  }
}

/** Announces trailer metadata; before the body. */
export function announceTrailers(response: ServerResponse, metadata: Metadata): void {
  const names = new Set(metadata.map(([name]) => `Grpc-Trailer-${canonical(name)}`));
  response.setHeader('Trailer', [...names]);
}

/** Adds the trailers that were announced; after the body's last byte was written. */
export function addTrailers(response: ServerResponse, metadata: Metadata): void {
  response.addTrailers(
    metadata.map(([name, value]): [string, string] => [`Grpc-Trailer-${canonical(name)}`, toText(value)]),
  );
}

function toText(value: string | Uint8Array): string {
  if (typeof value !== 'string') return Buffer.from(value).toString('base64');
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
}

function canonical(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

// Only the path counts: a Host header is the caller's word, and nothing to build absolute addresses on.
function resolve(reference: string, path: string): string {
  const base = 'http://gateway';
  const own = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  if (!URL.canParse(reference, base + own)) return reference;
  const url = new URL(reference, base + own);
  return url.origin === base ? url.pathname + url.search + url.hash : reference;
}
