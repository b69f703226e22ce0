import { type FacetError, invalid } from '../errors.js';
import { copyOf, isObject, isSame, type Json, newWork, type Work } from './json.js';
import { child, indexOf, parsePointer, type Tokens, valueAt } from './pointer.js';

/** An operation of RFC 6902. `value` is undefined where it was not given; null is a value. */
export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: Json | undefined;
  readonly from?: string | undefined;
}

export interface PatchOptions {
  /** Whether an add may make the objects above a place that are not there, or are null at the top. */
  readonly makesParents?: (path: Tokens) => boolean;
}

/** One operation under way, in the document that it may change. */
interface Step {
  readonly document: { root: Json };
  readonly path: Tokens;
  readonly from: Tokens;
  readonly value: Json;
  readonly work: Work;
  /** The path of the operation in the request, for errors. */
  readonly at: string;
  readonly makesParents: boolean;
}

/**
 * The document after a patch (RFC 6902); the one that was given stays as it is. Throws INVALID_INPUT naming the
 * operation that cannot be done, or whose test fails, as in `operations[2].path`.
 */
export function applyPatch(
  document: Json,
  operations: readonly PatchOperation[],
  { makesParents = () => false }: PatchOptions = {},
): Json {
  const work = newWork();
  const result = { root: copyOf(document, work, 'operations') };
  operations.forEach(({ op, path, value, from }, number) => {
    const at = `operations[${number}]`;
    const run = Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
    if (run === undefined) throw fault(`${at}.op`, 'is no operation of JSON Patch');
    if (NEED_VALUE.has(op) && value === undefined) throw fault(`${at}.value`, `is required for ${op}`);
    if (NEED_FROM.has(op) && from === undefined) throw fault(`${at}.from`, `is required for ${op}`);
    const target = parsePointer(path, `${at}.path`);
    run({
      document: result,
      path: target,
      from: parsePointer(from ?? '', `${at}.from`),
      value: value ?? null,
      work,
      at,
      makesParents: makesParents(target),
    });
  });
  return result.root;
}

const NEED_VALUE = new Set(['add', 'replace', 'test']);
const NEED_FROM = new Set(['move', 'copy']);

const OPERATIONS: Readonly<Record<string, (step: Step) => void>> = {
  add: (step) => put(step, copyOf(step.value, step.work, `${step.at}.value`)),
  remove: (step) => take(step, step.path, `${step.at}.path`),
  replace: (step) => {
    const value = copyOf(step.value, step.work, `${step.at}.value`);
    if (step.path.length > 0) take(step, step.path, `${step.at}.path`);
    put({ ...step, makesParents: false }, value);
  },
  move: (step) => {
    const { from, path, at, document } = step;
    const below = from.length < path.length && from.every((token, n) => token === path[n]);
    if (below) throw fault(`${at}.from`, 'is above the path: nothing can be moved into itself');
    // Nothing changes where it stays, but it must be there.
    if (from.length === path.length && from.every((token, n) => token === path[n]))
      valueAt(document.root, from, `${at}.from`);
    else put(step, take(step, from, `${at}.from`));
  },
  copy: (step) => {
    const value = valueAt(step.document.root, step.from, `${step.at}.from`);
    put(step, copyOf(value, step.work, `${step.at}.from`));
  },
  test: (step) => {
    const value = valueAt(step.document.root, step.path, `${step.at}.path`);
    if (isSame(value, step.value, step.work, `${step.at}.value`)) return;
    throw invalid({ field: `${step.at}.value`, description: 'is not what is there', rule: 'patch.test' });
  },
};

/** Puts a value where the path says: in the place of a member, before an element, or at the end of a list. */
function put(step: Step, value: Json): void {
  const { document, path, at } = step;
  const last = path.at(-1);
  if (last === undefined) {
    document.root = value;
    return;
  }
  const parent = step.makesParents ? madeParent(document.root, path) : undefined;
  const holder = parent ?? valueAt(document.root, path.slice(0, -1), `${at}.path`);
  if (Array.isArray(holder)) {
    const index = last === '-' ? holder.length : indexOf(last, holder.length, `${at}.path`);
    holder.splice(index, 0, value);
  } else if (isObject(holder)) holder[last] = value;
  else throw fault(`${at}.path`, 'is below what is neither object nor list');
}

/** Takes out what is at a place. */
function take({ document }: Step, path: Tokens, field: string): Json {
  const last = path.at(-1);
  if (last === undefined) throw fault(field, 'names the whole document, which cannot be removed');
  const holder = valueAt(document.root, path.slice(0, -1), field);
  const value = child(holder, last, field);
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete (holder as { [key: string]: Json })[last];
  return value;
}

/** The object above a place, made where it is absent; undefined where something else is in the way. */
function madeParent(root: Json, path: Tokens): Json | undefined {
  let holder = root;
  for (const [depth, token] of path.slice(0, -1).entries()) {
    if (!isObject(holder)) return undefined;
    const missing = !Object.hasOwn(holder, token) || (depth === 0 && holder[token] === null);
    if (missing) holder[token] = {};
    holder = holder[token]!;
  }
  return holder;
}

function fault(field: string, description: string): FacetError {
  return invalid({ field, description, rule: 'patch.operation' });
}
