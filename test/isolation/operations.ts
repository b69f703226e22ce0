import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { readContractSettings, readImageFile } from '../../src/image.js';
import { methodOption, pathFields, readImage } from '../../src/rpc/image.js';

export const image = readImage(readImageFile());

/** One way to call a method: over gRPC, or by one of its HTTP bindings. */
export interface Operation {
  /** As tests are named by. */
  readonly name: string;
  /** The full method name. */
  readonly path: string;
  readonly method: DescMethod;
  readonly scope: 'read' | 'write' | 'admin' | 'public';
  /** Whether Idempotency-Key makes it repeatable. */
  readonly repeatable: boolean;
  /** Proto paths of the request's fields that are in the HTTP path: ids. */
  readonly ids: ReadonlySet<string>;
  readonly http: HttpBinding | undefined;
}

export interface HttpBinding {
  readonly verb: string;
  /** With the prefix of its contract. */
  readonly template: string;
  /** The field that is the body, `*` for all the rest, empty for none. */
  readonly body: string;
  readonly protoNames: boolean;
}

interface HttpRule {
  readonly pattern: { readonly case?: string; readonly value?: string | { kind: string; path: string } };
  readonly body: string;
  readonly additionalBindings: readonly HttpRule[];
}

const SCOPES = ['none', 'read', 'write', 'admin', 'public'] as const;

/** Every way to call every method of ours. */
export function operations(): Operation[] {
  const services = [...image]
    .filter((type) => type.kind === 'service')
    .filter(({ typeName }) => typeName.startsWith('facet.'));
  return services.flatMap((service) =>
    service.methods.flatMap((method): Operation[] => {
      const option = methodOption<{ scope: number; repeatable: boolean }>(
        image,
        method,
        'facet.http.v1.method',
      );
      const scope = SCOPES[option?.scope ?? 0];
      if (scope === 'none' || scope === undefined)
        throw new Error(`${service.typeName}/${method.name} has no scope`);
      const path = `/${service.typeName}/${method.name}`;
      const repeatable = option?.repeatable === true;
      const common = { path, method, scope, repeatable, ids: pathFields(image, method) };
      const rule = methodOption<HttpRule>(image, method, 'google.api.http');
      const bindings = rule === undefined ? [] : [rule, ...rule.additionalBindings];
      return [
        { ...common, name: `gRPC ${path}`, http: undefined },
        ...bindings.map((binding) => {
          const http = readBinding(binding, service.file.proto.package);
          return { ...common, name: `${http.verb} ${http.template}`, http };
        }),
      ];
    }),
  );
}

function readBinding({ pattern, body }: HttpRule, packageName: string): HttpBinding {
  const custom = typeof pattern.value === 'object' ? pattern.value : undefined;
  const [contract, settings] = contractOf(packageName);
  return {
    verb: custom?.kind ?? pattern.case?.toUpperCase() ?? '',
    template: `/api/${contract}${custom?.path ?? pattern.value}`,
    body,
    protoNames: settings.names === 'proto',
  };
}

function contractOf(packageName: string): [name: string, settings: { package: string; names?: string }] {
  const found = Object.entries(readContractSettings().contracts).find(
    ([, settings]) => settings.package === packageName,
  );
  if (found === undefined) throw new Error(`${packageName} has bindings, but is no contract`);
  return found;
}

/** The requests that differ in which member of a oneof is set; one empty choice where there is no oneof. */
export function choices(message: DescMessage): string[][] {
  return message.oneofs
    .filter(({ fields }) => fields.length > 1)
    .reduce<string[][]>(
      (all, { fields }) => all.flatMap((chosen) => fields.map(({ name }) => [...chosen, name])),
      [[]],
    );
}
