import {
  createFileRegistry,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getExtension,
  hasExtension,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** The pattern of a google.api.HttpRule: an HTTP method and a path template. */
export interface HttpRule {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly responseBody: string;
  readonly additional: readonly HttpRule[];
}

/** The method option facet.http.v1.method: what google.api.http cannot say. */
export interface MethodOption {
  /** The status of a successful answer; 200 where the option is absent. */
  readonly successStatus: number;
  readonly maskFromBody: 'KEYS' | 'VALUES' | undefined;
  readonly eventIdField: string;
  readonly resumeField: string;
  /** Whether a list of all can be NOT_FOUND, because of where its query has it begin. */
  readonly canMiss: boolean;
  /** Whether the header Idempotency-Key makes the request repeatable. */
  readonly repeatable: boolean;
  /** What the caller must be allowed to do, as in `write`; `public` needs no key. Undefined where it is not said. */
  readonly scope: string | undefined;
}

/**
 * Reads a descriptor set with all imports, as `buf build` and `protoc --include_imports` write it. Its comments take
 * most of its memory, and only documents need them.
 */
export function readImage(image: Uint8Array, { comments = false } = {}): FileRegistry {
  try {
    const files = fromBinary(FileDescriptorSetSchema, image);
    if (!comments) for (const file of files.file) file.sourceCodeInfo = undefined;
    return createFileRegistry(files);
  } catch (error) {
    throw new Error(`the descriptor image cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** The google.api.http rule of a method, undefined where it has none. */
export function httpRule(registry: FileRegistry, method: DescMethod): HttpRule | undefined {
  const rule = option(registry, method, 'google.api.http');
  return rule === undefined ? undefined : toRule(rule);
}

/** The facet.http.v1.method option, with its defaults where the method has none. */
export function methodOption(registry: FileRegistry, method: DescMethod): MethodOption {
  const value = option(registry, method, 'facet.http.v1.method');
  const mask = value?.maskFromBody as number | undefined;
  return {
    successStatus: (value?.successStatus as number | undefined) || 200,
    maskFromBody: mask === 1 ? 'KEYS' : mask === 2 ? 'VALUES' : undefined,
    eventIdField: (value?.eventIdField as string | undefined) ?? '',
    resumeField: (value?.resumeField as string | undefined) ?? '',
    canMiss: value?.canMiss === true,
    repeatable: value?.repeatable === true,
    scope: scopeName(registry, value?.scope as number | undefined),
  };
}

// SCOPE_READ is `read`; the zero value names none.
function scopeName(registry: FileRegistry, scope: number | undefined): string | undefined {
  const names = registry.getEnum('facet.http.v1.Scope');
  return scope ? names?.value[scope]?.localName.toLowerCase() : undefined;
}

type Fields = Record<string, unknown>;

// An image's extensions are known at run time only, so their values have no static type.
function option(registry: FileRegistry, method: DescMethod, extensionName: string): Fields | undefined {
  const extension = registry.getExtension(extensionName);
  const options = method.proto.options;
  if (extension === undefined || options === undefined || !hasExtension(options, extension)) return undefined;
  return getExtension(options, extension) as Fields;
}

function toRule(rule: Fields): HttpRule {
  const pattern = rule.pattern as { case: string | undefined; value: unknown };
  const custom = pattern.case === 'custom' ? (pattern.value as { kind: string; path: string }) : undefined;
  return {
    method: custom?.kind ?? (pattern.case ?? '').toUpperCase(),
    path: custom?.path ?? (pattern.value as string | undefined) ?? '',
    body: rule.body as string,
    responseBody: rule.responseBody as string,
    additional: (rule.additionalBindings as Fields[]).map(toRule),
  };
}
