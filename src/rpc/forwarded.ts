import type { Metadata } from './transport.js';

/** The addresses that a call was forwarded for, as those on its way say; none where it came straight from its caller. */
export function forwardedFor(metadata: Metadata): string[] {
  const hops: string[] = [];
  for (const [name, value] of metadata) {
    if (name === 'x-forwarded-for')
      hops.push(
        ...String(value)
          .split(',')
          .map((address) => address.trim()),
      );
  }
  return hops;
}
