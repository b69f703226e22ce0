import type { DescMethod } from '@bufbuild/protobuf';
import type { Scope } from './call.js';
import { type Image, methodOption } from './image.js';
import { createRequestChecks, type RequestCheck } from './request-check.js';
import type { BoundMethod, Service } from './service.js';

/** A method as the pipeline runs it. */
export interface Method extends BoundMethod {
  /** The full method name, "/package.Service/Method". */
  readonly path: string;
  /** What the caller's key must allow; undefined where no key is needed. */
  readonly scope: Scope | undefined;
  readonly check: RequestCheck;
}

/** The numbers of facet.http.v1.Scope; 0 is none named. */
const SCOPES = [undefined, 'read', 'write', 'admin', 'public'] as const;

/**
 * Puts handlers and descriptors together. Throws one error that lists everything wrong: services and methods
 * that the image lacks or has otherwise, methods without a scope.
 */
export function compileMethods(image: Image, services: readonly Service[]): ReadonlyMap<string, Method> {
  const methods = new Map<string, Method>();
  const wrong: string[] = [];
  const checkOf = createRequestChecks(image);
  for (const service of services) {
    const described = image.getService(service.fullName);
    if (described === undefined) wrong.push(`${service.fullName}: not in the descriptor image`);
    for (const bound of described === undefined ? [] : service.methods) {
      const path = `/${service.fullName}/${bound.name}`;
      const descriptor = described!.methods.find(({ name }) => name === bound.name);
      if (descriptor === undefined || !sameShape(descriptor, bound)) {
        wrong.push(`${path}: not in the descriptor image as it is in the generated code`);
        continue;
      }
      const scope = service.open ? 'public' : scopeOf(image, descriptor);
      if (scope === undefined) wrong.push(`${path}: no scope (option (facet.http.v1.method).scope)`);
      methods.set(path, {
        ...bound,
        path,
        scope: scope === 'public' ? undefined : scope,
        check: checkOf(descriptor),
      });
    }
  }
  if (wrong.length > 0) throw new Error(`The services cannot be started:\n  ${wrong.join('\n  ')}`);
  return methods;
}

function scopeOf(image: Image, method: DescMethod): (typeof SCOPES)[number] {
  return SCOPES[methodOption<{ scope: number }>(image, method, 'facet.http.v1.method')?.scope ?? 0];
}

function sameShape(descriptor: DescMethod, bound: BoundMethod): boolean {
  const { methodKind } = descriptor;
  return (
    bound.requestStream === (methodKind === 'client_streaming' || methodKind === 'bidi_streaming') &&
    bound.responseStream === (methodKind === 'server_streaming' || methodKind === 'bidi_streaming')
  );
}
