import type { DescField, DescMessage, Registry } from '@bufbuild/protobuf';
import { findField, pathField } from '../json/field-name.js';
import { createFindings, type Fault, type Findings, refuseIfAny, report } from '../json/invalid-input.js';
import type { JsonOptions } from '../json/options.js';
import {
  beginLength,
  endLength,
  openSink,
  type Sink,
  tagOf,
  takeBytes,
  writeVarint32,
} from '../json/wire-writer.js';
import { type Choices, createChoices } from './choices.js';
import { parseQueryString } from './query-string.js';
import { createTextFields, type TextFields } from './text-field.js';

/** How a query is read. */
export interface QueryOptions extends JsonOptions {
  /** Whether `?name=` is the same as not giving the parameter. */
  readonly emptyIsAbsent: boolean;
  readonly registry?: Registry;
}

/**
 * Turns a raw query string, what stands behind the `?`, into the bytes of the request fields that it sets.
 * Parameters of `excluded` field paths (proto names), or below them, are ignored, as unknown ones are.
 *
 * @throws InvalidInput with every parameter that could not be read.
 */
export type QueryReader = (raw: string, excluded: readonly (readonly string[])[]) => Uint8Array;

const MOST_STEPS = 64;

const tooDeep: Fault = { rule: 'depth', description: 'is nested too deeply' };
const notAMessage: Fault = { rule: 'type', description: 'has no fields' };
const oneofFault: Fault = { rule: 'oneof', description: 'stands for a choice that was already made' };
const tooMany: Fault = { rule: 'duplicate', description: 'must not be given twice' };
const mapSyntax: Fault = { rule: 'type', description: 'must be given as name[key]=value, each key once' };

/**
 * Reads queries by grpc-gateway's rules, which are not those of JSON. In strict types only the contract's spelling
 * is known, and a name that is a field's own wins over `name[key]`.
 */
export function compileQuery(desc: DescMessage, options: QueryOptions): QueryReader {
  const texts = createTextFields({ place: 'query', strict: options.types === 'strict' });
  return (raw, excluded) => {
    const findings = createFindings();
    const sink = openSink();
    const query: Query = { desc, options, texts, sink, findings, choices: createChoices(desc, excluded) };
    const parameters = parseQueryString(raw);
    if ('fault' in parameters) report(findings, { rule: 'syntax', description: parameters.fault });
    else {
      for (const [name, given] of parameters) {
        const values = options.emptyIsAbsent ? given.filter((value) => value !== '') : given;
        if (values.length > 0) readParameter(name, values, excluded, query);
      }
    }
    refuseIfAny(findings);
    return takeBytes(sink);
  };
}

interface Query {
  readonly desc: DescMessage;
  readonly options: JsonOptions;
  readonly texts: TextFields;
  readonly sink: Sink;
  readonly findings: Findings;
  readonly choices: Choices;
}

function readParameter(
  name: string,
  values: readonly string[],
  excluded: readonly (readonly string[])[],
  query: Query,
): void {
  const { path, key } = splitName(name, findField(query.desc, name, query.options) !== undefined);
  const fields = findPath(path, query);
  const isExcluded = excluded.some((prefix) => prefix.every((part, i) => part === fields[i]?.name));
  if (isExcluded || fields.length === 0) return;
  if (path.length > MOST_STEPS) {
    report(query.findings, tooDeep, pathField(fields[0]!, query.options.names));
    return;
  }
  // Go puts what stands in brackets before the values, whatever field it is.
  const all = key === undefined ? values : [key, ...values];
  writePath(fields, fields.length === path.length ? all : undefined, query);
}

/** Splits `a.b[key]`; a name that is a field's own is one step, whatever it looks like. */
function splitName(name: string, isField: boolean): { path: readonly string[]; key?: string } {
  if (isField) return { path: [name] };
  const bracket = name.endsWith(']') ? name.lastIndexOf('[') : -1;
  if (bracket < 0) return { path: name.split('.') };
  return { path: name.slice(0, bracket).split('.'), key: name.slice(bracket + 1, -1) };
}

/** The fields that a path names: as far as they exist, and up to the first that has no fields of its own. */
function findPath(path: readonly string[], { desc, options }: Query): DescField[] {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = desc;
  for (const name of path.slice(0, MOST_STEPS)) {
    const field: DescField | undefined = message && findField(message, name, options);
    if (field === undefined) break;
    fields.push(field);
    message = field.fieldKind === 'message' ? field.message : undefined;
  }
  return fields;
}

/** Writes the values below the messages that lead to them. Undefined values stand for an unknown last name. */
function writePath(fields: readonly DescField[], values: readonly string[] | undefined, query: Query): void {
  const { sink, findings, choices } = query;
  const starts: number[] = [];
  const outside = findings.path.length;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!;
    findings.path.push(pathField(field, query.options.names));
    if (!choices.choose(fields.slice(0, i), field)) {
      report(findings, oneofFault);
      break;
    }
    if (i === fields.length - 1 && values !== undefined) writeLeaf(field, values, query);
    else if (field.fieldKind === 'message') {
      // As in Go, an unknown name below a message still sets the message.
      writeVarint32(sink, tagOf(field, 2));
      starts.push(beginLength(sink));
    } else report(findings, notAMessage);
  }
  while (starts.length > 0) endLength(sink, starts.pop()!);
  findings.path.length = outside;
}

function writeLeaf(field: DescField, values: readonly string[], { texts, sink, findings }: Query): void {
  if (field.fieldKind === 'map') {
    const [key, value] = values;
    if (key === undefined || value === undefined || values.length > 2) report(findings, mapSyntax);
    else texts.entry(field)(key, value, sink, findings);
  } else if (field.fieldKind !== 'list' && values.length > 1) report(findings, tooMany);
  else for (const value of values) texts.value(field)(value, sink, findings);
}
