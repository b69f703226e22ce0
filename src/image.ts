import { readFileSync } from 'node:fs';

/** The root of the installation: compiled files are two folders below it. */
const root = new URL('../../', import.meta.url);

let image: Uint8Array | undefined;

/** The descriptors of all services, as `buf build` writes them; read once. */
export function readImageFile(): Uint8Array {
  image ??= readFileSync(new URL('proto/image.binpb', root));
  return image;
}

/** What the gateway is told of each contract. */
export function readContractSettings(): Record<string, unknown> & {
  contracts: Record<string, { package: string; optionalVersion?: boolean }>;
} {
  return JSON.parse(readFileSync(new URL('proto/contracts.json', root), 'utf8'));
}

/** The version of Facet that runs. */
export function readVersion(): string {
  return JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).version;
}
