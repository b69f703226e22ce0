import { shape, type Template } from '../route/template.js';

/** A path as OpenAPI writes it, and what its parameters stand for. */
export interface PathTemplate {
  readonly path: string;
  readonly parameters: readonly PathParameter[];
}

export interface PathParameter {
  readonly name: string;
  /** The request field that the parameter fills, or a part of; undefined where it fills none. */
  readonly field: string | undefined;
  /** Whether the parameter is all that the field is made of. */
  readonly whole: boolean;
}

/**
 * Makes the writer of path templates. Paths that differ only in the names of their parameters are one path in
 * OpenAPI: the names first used count. `nameOf` gives the contract's name of a field path.
 */
export function createPathTemplates(): (
  template: Template,
  nameOf: (field: string) => string,
) => PathTemplate {
  const known = new Map<string, readonly string[]>();
  return (template, nameOf) => {
    const parameters: PathParameter[] = [];
    const names = known.get(shape(template)) ?? [];
    const parts = template.segments.map((segment, index) => {
      if (segment.kind === 'literal') return encodeURI(segment.text);
      const variable = template.variables.find(({ start, end }) => index >= start && index < end);
      const base = variable === undefined ? 'segment' : inOneWord(nameOf(variable.field));
      const name = names[parameters.length] ?? unused(base, parameters);
      const whole = variable !== undefined && variable.end - variable.start === 1;
      parameters.push({ name, field: variable?.field, whole });
      return `{${name}}`;
    });
    known.set(
      shape(template),
      parameters.map(({ name }) => name),
    );
    const verb = template.verb === '' ? '' : `:${template.verb}`;
    return { path: `/${parts.join('/')}${verb}`, parameters };
  };
}

/** A parameter's name may not have dots: tools take it for an expression. */
function inOneWord(name: string): string {
  return name.replace(/\.(.)/g, (_, first: string) => first.toUpperCase());
}

function unused(base: string, taken: readonly PathParameter[]): string {
  let name = base;
  for (let count = 2; taken.some((each) => each.name === name); count++) name = `${base}${count}`;
  return name;
}
