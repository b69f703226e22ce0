import type { Template } from './template.js';
import { MalformedEscape, unescapeSegment, unescapeSegments } from './unescape.js';

/** What a path led to: the route, and the value of each of its template's variables, in their order. */
export interface Match<T> {
  readonly route: T;
  readonly parameters: readonly string[];
}

/** How a path's escapes are read. `legacy` decodes the whole path before it is split, as Go does by default. */
export type Unescaping = 'except-reserved' | 'legacy';

export interface Router<T> {
  /** Throws MalformedEscape where a variable's value cannot be decoded. */
  match(method: string, path: string): Match<T> | undefined;
  /** The methods that the path has routes for, in order of declaration. */
  methods(path: string): string[];
}

interface Entry<T> {
  readonly template: Template;
  readonly route: T;
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  one: Node<T> | undefined;
  many: Node<T> | undefined;
  /** By verb; '' for templates without one. */
  readonly ends: Map<string, Entry<T>>;
}

interface Table<T> {
  readonly root: Node<T>;
  /** Longest first, so that a verb that ends with another is met first. */
  verbs: string[];
}

/**
 * Matches paths against templates. A literal segment beats `*`, which beats `**`, from left to right, and a
 * verb beats its being part of a value; of equal shapes the one declared last wins, as in grpc-gateway.
 */
export function createRouter<T>(
  routes: readonly { method: string; template: Template; route: T }[],
  unescaping: Unescaping = 'except-reserved',
): Router<T> {
  const tables = new Map<string, Table<T>>();
  for (const { method, template, route } of routes) {
    const table = tables.get(method) ?? { root: createNode(), verbs: [] };
    tables.set(method, table);
    insert(table, { template, route });
  }

  const split = (path: string): string[] => (path === '/' ? [] : path.slice(1).split('/'));

  function find(table: Table<T>, raw: readonly string[]): Match<T> | undefined {
    const last = raw.at(-1) ?? '';
    for (const verb of table.verbs) {
      // As in Go, a verb with nothing before it is nothing at all, and no value either.
      if (verb !== '' && last === `:${verb}`) return undefined;
      if (verb !== '' && !(last.endsWith(`:${verb}`) && last.length > verb.length + 1)) continue;
      const parts = verb === '' ? raw : [...raw.slice(0, -1), last.slice(0, -verb.length - 1)];
      const entry = walk(table.root, parts, 0, verb);
      if (entry !== undefined)
        return { route: entry.route, parameters: capture(entry.template, parts, unescaping) };
    }
    return undefined;
  }

  function search(table: Table<T>, path: string): Match<T> | undefined {
    const parts = split(unescaping === 'legacy' ? unescapeSegment(path) : path);
    const found = find(table, parts);
    // One trailing slash means nothing, unless ** has already taken it for its own.
    if (found !== undefined || parts.length < 2 || parts.at(-1) !== '') return found;
    return find(table, parts.slice(0, -1));
  }

  return {
    match(method, path) {
      const table = tables.get(method);
      return table === undefined ? undefined : search(table, path);
    },
    methods(path) {
      const found: string[] = [];
      for (const [method, table] of tables) {
        try {
          if (search(table, path) !== undefined) found.push(method);
        } catch (error) {
          if (!(error instanceof MalformedEscape)) throw error;
          found.push(method);
        }
      }
      return found;
    },
  };
}

function createNode<T>(): Node<T> {
  return { literals: new Map(), one: undefined, many: undefined, ends: new Map() };
}

function insert<T>(table: Table<T>, entry: Entry<T>): void {
  let node = table.root;
  for (const segment of entry.template.segments) {
    if (segment.kind === 'one') node = node.one ??= createNode();
    else if (segment.kind === 'many') node = node.many ??= createNode();
    else {
      const next: Node<T> = node.literals.get(segment.text) ?? createNode();
      node.literals.set(segment.text, next);
      node = next;
    }
  }
  node.ends.set(entry.template.verb, entry);
  if (!table.verbs.includes(entry.template.verb)) {
    table.verbs = [...table.verbs, entry.template.verb].sort((a, b) => b.length - a.length);
  }
}

// Recursion goes no deeper than the longest template, whatever the path.
function walk<T>(node: Node<T>, parts: readonly string[], at: number, verb: string): Entry<T> | undefined {
  if (at === parts.length) {
    return node.ends.get(verb) ?? (node.many === undefined ? undefined : walk(node.many, parts, at, verb));
  }
  const part = parts[at] as string;
  const next = node.literals.get(part) ?? literalOf(node, part);
  const literal = next === undefined ? undefined : walk(next, parts, at + 1, verb);
  if (literal !== undefined) return literal;
  const one = node.one === undefined || part === '' ? undefined : walk(node.one, parts, at + 1, verb);
  if (one !== undefined || node.many === undefined) return one;
  for (let end = parts.length; end >= at; end--) {
    const many = walk(node.many, parts, end, verb);
    if (many !== undefined) return many;
  }
  return undefined;
}

// A literal may be written with escapes: /v1/%69dentities is /v1/identities.
function literalOf<T>(node: Node<T>, part: string): Node<T> | undefined {
  if (!part.includes('%')) return undefined;
  try {
    return node.literals.get(decodeURIComponent(part));
  } catch {
    return undefined;
  }
}

function capture(template: Template, parts: readonly string[], unescaping: Unescaping): string[] {
  const many = template.segments.findIndex((segment) => segment.kind === 'many');
  const extra = parts.length - template.segments.length;
  const place = (index: number): number => (many >= 0 && index > many ? index + extra : index);
  return template.variables.map((variable) => {
    const values: string[] = [];
    for (let index = variable.start; index < variable.end; index++) {
      if (index === many) {
        // Where ** took no segment at all, its slash is not there either.
        const held = parts.slice(place(index), place(index + 1));
        if (held.length > 0)
          values.push(unescaping === 'legacy' ? held.join('/') : unescapeSegments(held.join('/')));
      } else {
        const part = parts[place(index)] as string;
        values.push(unescaping === 'legacy' ? part : unescapeSegment(part));
      }
    }
    return values.join('/');
  });
}
