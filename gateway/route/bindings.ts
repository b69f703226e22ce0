import type { DescField, DescMethod, DescService, FileRegistry } from '@bufbuild/protobuf';
import { type HttpRule, httpRule, type MethodOption, methodOption } from '../image.js';
import { parseTemplate, shape, type Template } from './template.js';

/** One way to reach a method over HTTP. */
export interface Binding {
  /** The HTTP method, in upper case but for custom kinds. */
  readonly method: string;
  readonly template: Template;
  readonly rpc: DescMethod;
  readonly option: MethodOption;
  /** What the body holds: the whole request (`*`), one of its fields, or nothing. */
  readonly body: '*' | DescField | undefined;
  /** The field of the answer that is its body; the whole answer where undefined. */
  readonly responseBody: DescField | undefined;
}

/** How a contract's routes are read. */
export interface BindingRules {
  /** Refuse routes of one shape, and additional bindings whose bodies differ. */
  readonly strictRoutes: boolean;
  /** Serve every path that begins with /v1 without it too. */
  readonly optionalVersion: boolean;
}

/** Reads the annotations of services. What is wrong with them is added to `faults`, a line each. */
export function collectBindings(
  registry: FileRegistry,
  services: readonly DescService[],
  rules: BindingRules,
  faults: string[],
): Binding[] {
  const bindings: Binding[] = [];
  for (const service of services) {
    for (const rpc of service.methods) {
      const rule = httpRule(registry, rpc);
      if (rule === undefined) continue;
      const option = methodOption(registry, rpc);
      for (const each of [rule, ...rule.additional]) {
        const fault = (text: string) =>
          faults.push(`${rpc.parent.typeName}.${rpc.name}: ${each.method} ${each.path}: ${text}`);
        if (each !== rule && each.additional.length > 0) fault('additional_bindings may not nest');
        if (rules.strictRoutes && (each.body !== rule.body || each.responseBody !== rule.responseBody)) {
          fault('body and response_body must be those of the first binding');
        }
        bindings.push(...readBinding(each, rpc, option, rules, fault));
      }
    }
  }
  if (rules.strictRoutes) refuseAmbiguous(bindings, faults);
  return bindings;
}

function readBinding(
  rule: HttpRule,
  rpc: DescMethod,
  option: MethodOption,
  rules: BindingRules,
  fault: (text: string) => void,
): Binding[] {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(rule.method)) {
    fault('it names no HTTP method');
    return [];
  }
  if ((rule.method === 'GET' || rule.method === 'HEAD') && rule.body !== '')
    fault(`${rule.method} takes no body`);
  const streamsRequests = rpc.methodKind === 'client_streaming' || rpc.methodKind === 'bidi_streaming';
  if (streamsRequests && rule.body !== '*') fault('a stream of requests needs body: "*"');
  const body = rule.body === '*' ? '*' : fieldOf(rpc.input, rule.body, 'body', fault);
  const responseBody = fieldOf(rpc.output, rule.responseBody, 'response_body', fault);
  try {
    const template = parseTemplate(rule.path);
    if (streamsRequests && template.variables.length > 0)
      fault('a stream of requests takes no path parameters');
    const binding: Binding = { method: rule.method, template, rpc, option, body, responseBody };
    const short = rules.optionalVersion ? withoutVersion(template) : undefined;
    return short === undefined ? [binding] : [binding, { ...binding, template: short }];
  } catch (error) {
    fault((error as Error).message);
    return [];
  }
}

function fieldOf(
  message: DescMethod['input'],
  name: string,
  option: string,
  fault: (text: string) => void,
): DescField | undefined {
  if (name === '') return undefined;
  const field = message.fields.find((candidate) => candidate.name === name);
  if (field === undefined) fault(`${option} names "${name}", which ${message.typeName} does not have`);
  return field;
}

function withoutVersion(template: Template): Template | undefined {
  const [first, ...segments] = template.segments;
  if (first?.kind !== 'literal' || first.text !== 'v1' || segments.length === 0) return undefined;
  const variables = template.variables.map(({ field, start, end }) => ({
    field,
    start: start - 1,
    end: end - 1,
  }));
  return variables.some(({ start }) => start < 0) ? undefined : { ...template, segments, variables };
}

function refuseAmbiguous(bindings: readonly Binding[], faults: string[]): void {
  const owners = new Map<string, Binding>();
  for (const binding of bindings) {
    const key = `${binding.method} ${shape(binding.template)}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, binding);
    else
      faults.push(
        `${owner.rpc.parent.typeName}.${owner.rpc.name} and ${binding.rpc.name} both claim ${binding.method} ${binding.template.text}`,
      );
  }
}
