import { contractPath } from '../names.js';
import type { Binding } from '../route/bindings.js';
import type { LocatedViolation, Place } from './failure.js';

/** The variables of one violation, in the contract's own names: see `violationVariables`. */
export function locate(
  violation: LocatedViolation,
  binding: Binding | undefined,
  names: 'json' | 'proto',
): Record<string, unknown> {
  const { field, description, rule } = violation;
  const place = violation.place ?? (binding === undefined ? undefined : placeOf(field, binding));
  let path =
    binding === undefined || field === '' ? splitPath(field) : contractPath(binding.rpc.input, field, names);
  // The body is the field: callers never write its name.
  if (place === 'body' && binding?.body !== undefined && binding.body !== '*') path = path.slice(1);
  return {
    $field: path.reduce<string>((text, part) => {
      if (typeof part === 'number') return `${text}[${part}]`;
      return text === '' ? part : `${text}.${part}`;
    }, ''),
    $path: place === undefined ? path : [place, ...path],
    $description: description,
    $rule: rule,
  };
}

function placeOf(field: string, { rpc, template, body }: Binding): Place {
  const [root] = field.split(/[.[]/, 1);
  // What a service names that is no field of the request came beside it.
  if (field !== '' && !rpc.input.fields.some(({ name }) => name === root)) return 'header';
  const isBelow = (root: string) =>
    field === root || field.startsWith(`${root}.`) || field.startsWith(`${root}[`);
  if (template.variables.some((variable) => isBelow(variable.field))) return 'path';
  if (body === '*') return 'body';
  // What is wrong with a whole request that has no body is most likely its path.
  if (body === undefined) return field === '' && template.variables.length > 0 ? 'path' : 'query';
  return field === '' || isBelow(body.name) ? 'body' : 'query';
}

function splitPath(field: string): string[] {
  return field === '' ? [] : [field];
}
