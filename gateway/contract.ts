import type { DescService, FileRegistry } from '@bufbuild/protobuf';
import type { ContractSettings } from './contract-settings.js';
import { compileFailures, type RenderFailure } from './errors/render.js';
import type { RequestHeaderRules } from './http/request-metadata.js';
import type { ResponseHeaderRules } from './http/response-metadata.js';
import { createCodecs } from './json/codec.js';
import { compileOperation, type Operation } from './operation.js';
import { collectBindings } from './route/bindings.js';
import { createRouter, type Router } from './route/router.js';
import type { Settings } from './settings.js';

/** A documented API: its routes, and how it speaks. */
export interface Contract {
  /** Its name in the settings; '' for the services that no contract names. */
  readonly name: string;
  readonly settings: ContractSettings;
  readonly router: Router<Operation>;
  readonly operations: readonly Operation[];
  readonly renderFailure: RenderFailure;
  readonly requestHeaders: RequestHeaderRules;
  readonly responseHeaders: ResponseHeaderRules;
}

/**
 * Makes a contract of each package that the settings name, and one of all other services, behaving as grpc-gateway.
 * Throws an Error that lists everything wrong with the routes.
 */
export function compileContracts(registry: FileRegistry, settings: Settings): Contract[] {
  const faults: string[] = [];
  const named = Object.entries(settings.contracts);
  const services = [...registry.files].flatMap((file) => file.services);
  const rest = services.filter(({ file }) => !named.some(([, each]) => each.package === file.proto.package));
  const contracts = named.map(([name, each]) => {
    const own = services.filter(({ file }) => file.proto.package === each.package);
    if (own.length === 0) faults.push(`contract ${name}: no service is in the package ${each.package}`);
    return compileContract(name, own, each, settings, registry, faults);
  });
  contracts.push(compileContract('', rest, settings.others, settings, registry, faults));
  if (faults.length > 0)
    throw new Error(`the routes are wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return contracts;
}

function compileContract(
  name: string,
  services: readonly DescService[],
  settings: ContractSettings,
  { limits }: Settings,
  registry: FileRegistry,
  faults: string[],
): Contract {
  const { names, types, unknownFields } = settings;
  const codecs = createCodecs(registry, { names, types, unknownFields });
  const operations: Operation[] = [];
  for (const binding of collectBindings(registry, services, settings, faults)) {
    try {
      operations.push(compileOperation(binding, codecs, settings, registry));
    } catch (error) {
      const { rpc, method, template } = binding;
      faults.push(
        `${rpc.parent.typeName}.${rpc.name}: ${method} ${template.text}: ${(error as Error).message}`,
      );
    }
  }
  return {
    name,
    settings,
    operations,
    router: createRouter(
      operations.map((route) => ({ method: route.binding.method, template: route.binding.template, route })),
      settings.unescaping,
    ),
    renderFailure: compileFailures(settings, registry, codecs),
    requestHeaders: {
      allowed: new Set(settings.requestHeaders),
      sideDoors: settings.sideDoors,
      limit: limits.metadata,
    },
    responseHeaders: { allowed: new Set(settings.responseHeaders) },
  };
}
