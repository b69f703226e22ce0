import type { DescField, DescMessage, DescOneof, Registry } from '@bufbuild/protobuf';
import { tagOf } from '../json/field-from-json.js';
import { createFindings, type Fault, type Findings, refuseIfAny, report } from '../json/invalid-input.js';
import type { JsonOptions } from '../json/options.js';
import {
  beginLength,
  endLength,
  openSink,
  type Sink,
  takeBytes,
  writeVarint32,
} from '../json/wire-writer.js';
import { parseQueryString } from './query-string.js';
import { textEntryWriter, textFieldWriter } from './text-field.js';
import type { TextRules } from './text-value.js';

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

const notAMessage: Fault = { rule: 'type', description: 'has no fields' };
const oneofFault: Fault = { rule: 'oneof', description: 'stands for a choice that was already made' };
const tooMany: Fault = { rule: 'duplicate', description: 'must not be given twice' };
const mapSyntax: Fault = { rule: 'type', description: 'must be given as name[key]=value, each key once' };

/** Reads queries by grpc-gateway's rules, which are not those of JSON. In strict types only the contract's spelling. */
export function compileQuery(desc: DescMessage, options: QueryOptions): QueryReader {
  const rules: TextRules = { place: 'query', strict: options.types === 'strict' };
  return (raw, excluded) => {
    const findings = createFindings();
    const parameters = parseQueryString(raw);
    if ('fault' in parameters) {
      report(findings, { rule: 'syntax', description: parameters.fault });
      refuseIfAny(findings);
      return new Uint8Array(0);
    }
    const sink = openSink();
    const state: QueryState = { sink, findings, rules, options, chosen: chosenBy(desc, excluded), excluded };
    for (const [name, given] of parameters) {
      const values = options.emptyIsAbsent ? given.filter((value) => value !== '') : given;
      if (values.length > 0) readParameter(desc, name, values, state);
    }
    refuseIfAny(findings);
    return takeBytes(sink);
  };
}

interface QueryState {
  readonly sink: Sink;
  readonly findings: Findings;
  readonly rules: TextRules;
  readonly options: JsonOptions;
  readonly excluded: readonly (readonly string[])[];
  /** The member set of each oneof, by the path of its message. */
  readonly chosen: Map<string, DescField>;
}

function readParameter(desc: DescMessage, name: string, values: readonly string[], state: QueryState): void {
  const { path, key } = splitName(name, findField(desc, name, state.options) !== undefined);
  const fields = findPath(desc, path, state.options);
  if (isExcluded(fields, state.excluded)) return;
  writePath(fields, path.length, key, values, state);
}

/** Splits `a.b[key]`; a name that is a field's own is one step, whatever it looks like. */
function splitName(name: string, isField: boolean): { path: readonly string[]; key: string | undefined } {
  if (isField) return { path: [name], key: undefined };
  const bracket = name.endsWith(']') ? name.lastIndexOf('[') : -1;
  if (bracket < 0) return { path: name.split('.'), key: undefined };
  return { path: name.slice(0, bracket).split('.'), key: name.slice(bracket + 1, -1) };
}

function findField(desc: DescMessage, name: string, { names, types }: JsonOptions): DescField | undefined {
  if (types === 'strict')
    return desc.fields.find((field) => (names === 'json' ? field.jsonName : field.name) === name);
  return (
    desc.fields.find((field) => field.name === name) ?? desc.fields.find((field) => field.jsonName === name)
  );
}

/** The fields that a path names, as far as they exist and are messages. */
function findPath(desc: DescMessage, path: readonly string[], options: JsonOptions): DescField[] {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = desc;
  for (const name of path) {
    const field: DescField | undefined = message && findField(message, name, options);
    if (field === undefined) break;
    fields.push(field);
    message = field.fieldKind === 'message' ? field.message : undefined;
  }
  return fields;
}

function isExcluded(fields: readonly DescField[], excluded: readonly (readonly string[])[]): boolean {
  return excluded.some((prefix) => prefix.every((name, i) => name === fields[i]?.name));
}

/** What path parameters and the body have chosen already. */
function chosenBy(desc: DescMessage, excluded: readonly (readonly string[])[]): Map<string, DescField> {
  const chosen = new Map<string, DescField>();
  for (const path of excluded) {
    let message: DescMessage | undefined = desc;
    for (let i = 0; i < path.length; i++) {
      const field: DescField | undefined = message?.fields.find((one) => one.name === path[i]);
      if (field?.oneof) chosen.set(oneofKey(path.slice(0, i), field.oneof), field);
      message = field?.message;
    }
  }
  return chosen;
}

function oneofKey(path: readonly string[], oneof: DescOneof): string {
  return [...path, oneof.name].join('.');
}

function writePath(
  fields: readonly DescField[],
  wanted: number,
  key: string | undefined,
  values: readonly string[],
  state: QueryState,
): void {
  const { sink, findings } = state;
  const starts: number[] = [];
  const before = findings.path.length;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!;
    findings.path.push({
      protoName: field.name,
      shownName: state.options.names === 'json' ? field.jsonName : field.name,
    });
    if (!choose(field, fields.slice(0, i), state)) {
      report(findings, oneofFault);
      break;
    }
    if (i === wanted - 1) writeLeaf(field, key, values, state);
    else if (field.fieldKind === 'message') {
      writeVarint32(sink, tagOf(field, 2));
      starts.push(beginLength(sink));
    } else report(findings, notAMessage);
  }
  // An unknown name below a message still sets the message, as in Go.
  while (starts.length > 0) endLength(sink, starts.pop()!);
  findings.path.length = before;
}

/** Notes the member of a oneof that a parameter sets: another one is refused, a message may be set in parts. */
function choose(field: DescField, parents: readonly DescField[], { chosen }: QueryState): boolean {
  if (field.fieldKind === 'list' || field.fieldKind === 'map' || field.oneof === undefined) return true;
  const key = oneofKey(
    parents.map((parent) => parent.name),
    field.oneof,
  );
  const other = chosen.get(key);
  if (other !== undefined && (other !== field || field.fieldKind !== 'message')) return false;
  chosen.set(key, field);
  return true;
}

function writeLeaf(
  field: DescField,
  key: string | undefined,
  values: readonly string[],
  state: QueryState,
): void {
  const { sink, findings, rules } = state;
  // Go puts what stands in brackets before the values of whatever field it is.
  const all = key === undefined ? values : [key, ...values];
  if (field.fieldKind === 'map') {
    const [name, value] = all;
    if (all.length !== 2) report(findings, mapSyntax);
    else textEntryWriter(field, rules)(name!, value!, sink, findings);
  } else if (field.fieldKind === 'list') {
    const write = textFieldWriter(field, rules);
    for (const value of all) write(value, sink, findings);
  } else if (all.length > 1) report(findings, tooMany);
  else textFieldWriter(field, rules)(all[0]!, sink, findings);
}
