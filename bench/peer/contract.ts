import type { FileRegistry } from '@bufbuild/protobuf';
import { readImage } from '../../gateway/image.js';
import { type Binding, collectBindings } from '../../gateway/route/bindings.js';
import { parseSettings, type Settings } from '../../gateway/settings.js';
import { readContractSettings, readImageFile } from '../../src/image.js';

/** A contract as its protos and settings describe it. */
export interface Contract {
  readonly name: string;
  readonly settings: Settings['contracts'][string];
  readonly bindings: readonly Binding[];
  readonly registry: FileRegistry;
}

/** The contracts that are served, by name. */
export function readContracts(): ReadonlyMap<string, Contract> {
  const registry = readImage(readImageFile());
  const { contracts } = parseSettings(readContractSettings());
  return new Map(
    Object.entries(contracts).map(([name, settings]) => {
      const services = [...registry.files]
        .filter((file) => file.proto.package === settings.package)
        .flatMap((file) => file.services);
      // The peer knows no path without the version.
      const bindings = collectBindings(registry, services, { ...settings, optionalVersion: false }, []);
      return [name, { name, settings, bindings, registry }];
    }),
  );
}
