import { openapiDocument } from '../../../gateway/openapi/document.js';
import type { SettingsInput } from '../../../gateway/settings.js';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked into freely.
export type Document = any;

type ContractInput = NonNullable<SettingsInput['contracts']>[string];

/** The document of a contract "c" that is made of one package, with these settings. */
export function describePackage(
  image: Uint8Array,
  packageName: string,
  settings: Partial<ContractInput> = {},
): Document {
  return openapiDocument({
    image,
    settings: { contracts: { c: { package: packageName, ...settings } } },
    contract: 'c',
    info: { title: 'C', version: '1' },
  });
}
