import type { Metadata } from './transport.js';

/** The addresses that a call was forwarded for, as those on its way say; none where it came straight from its caller. */
export function forwardedFor(metadata: Metadata): string[] {
  return metadata
    .filter(([name]) => name === 'x-forwarded-for')
    .flatMap(([, value]) => String(value).split(','))
    .map((address) => address.trim());
}
