import type { DescMessage } from '@bufbuild/protobuf';
import { FacetError, type Violation } from '../domain/errors.js';
import { createFindings, type Findings, type Place, pathOf } from './findings.js';
import { checkFreeForm } from './free-form.js';
import { type FieldPlan, type MessagePlan, planMessage } from './wire-plan.js';
import {
  countPackedVarints,
  MalformedMessageError,
  readInt64,
  readLength,
  readUint32,
  skip,
  WIRE,
  type WireReader,
} from './wire-reader.js';

/** Beyond this a list is refused before its items are looked at one by one. */
const MOST_ITEMS = 10_000;
const DEEPEST_MESSAGE = 32;

/** A message that comes in pieces is put together anew with each; where it holds free-form JSON that is dear. */
const MOST_PIECES = 64;
const MOST_FREE_FORM_PIECES = 4;

/** 0001-01-01 to 9999-12-31, as google/protobuf/timestamp.proto has it. */
const FIRST_SECOND = -62135596800n;
const LAST_SECOND = 253402300799n;

/** What was found in the bytes of a request. */
export interface WireReport {
  readonly violations: readonly Violation[];
  /** Pieces of one message, or several members of a oneof: not every decoder puts them together alike. */
  readonly inPieces: boolean;
  /** An id in the path holds NUL: no such thing exists. */
  readonly impossibleId: boolean;
}

interface Walk {
  readonly reader: WireReader;
  readonly ids: ReadonlySet<string>;
  readonly findings: Findings;
  inPieces: boolean;
  impossibleId: boolean;
}

/**
 * Compiles the check of a request's bytes that comes before they are decoded: that they are well formed, and
 * hold no NUL in text, no time that no calendar has, no list beyond 10,000 items, and no free-form JSON that
 * could not be kept as it is.
 *
 * @param ids proto paths of the fields in which NUL is no fault but an id that does not exist
 * @returns the check, which throws MalformedMessageError, or FacetError where it makes no sense to look on
 */
export function compileWireCheck(
  message: DescMessage,
  ids: ReadonlySet<string>,
): (bytes: Uint8Array) => WireReport {
  const plan = planMessage(message);
  return (bytes) => {
    const findings = createFindings();
    const walk: Walk = { reader: { bytes, pos: 0 }, ids, findings, inPieces: false, impossibleId: false };
    walkMessage(walk, plan, bytes.length, undefined, 0);
    return { violations: findings.violations, inPieces: walk.inPieces, impossibleId: walk.impossibleId };
  };
}

function walkMessage(
  walk: Walk,
  plan: MessagePlan,
  end: number,
  place: Place | undefined,
  depth: number,
): void {
  if (depth > DEEPEST_MESSAGE) throw new MalformedMessageError('messages are nested too deep');
  const { reader } = walk;
  const counts = new Map<FieldPlan, number>();
  const oneofs = new Map<string, FieldPlan>();
  while (reader.pos < end) {
    const tag = readUint32(reader, end);
    const wireType = tag & 7;
    const field = plan.fields.get(tag >>> 3);
    if (field === undefined) {
      if (tag >>> 3 === 0) throw new MalformedMessageError('field number 0');
      skip(reader, wireType, end);
      continue;
    }
    const count = counts.get(field) ?? 0;
    if (wireType !== field.wireType) {
      if (!field.packable || wireType !== WIRE.delimited) {
        throw new MalformedMessageError('a field has the wrong wire type');
      }
      counts.set(field, count + walkPacked(walk, field, end, place, count));
      continue;
    }
    counts.set(field, count + 1);
    if (field.repeated) refuseLongList(walk, field, place, count + 1);
    if (field.oneof !== undefined) {
      if ((oneofs.get(field.oneof) ?? field) !== field) walk.inPieces = true;
      oneofs.set(field.oneof, field);
    }
    walkField(walk, field, end, place, count, depth);
  }
}

function walkField(
  walk: Walk,
  field: FieldPlan,
  end: number,
  within: Place | undefined,
  count: number,
  depth: number,
): void {
  const { reader } = walk;
  if (field.message === undefined && !field.text) {
    skip(reader, field.wireType, end);
    return;
  }
  const valueEnd = readLength(reader, end) + reader.pos;
  const named = field.name === undefined && within !== undefined ? within : { within, field: field.name };
  const place = field.repeated && field.message?.entry !== true ? { within: named, index: count } : named;
  if (field.message === undefined) {
    walkText(walk, valueEnd, place);
    return;
  }
  if (!field.repeated && count > 0) {
    walk.inPieces = true;
    if (count >= (field.message.hasFreeForm ? MOST_FREE_FORM_PIECES : MOST_PIECES)) {
      throw new MalformedMessageError('a message is in too many pieces');
    }
  }
  if (field.message.entry) walkEntry(walk, field.message, valueEnd, place, depth);
  else walkSubmessage(walk, field.message, valueEnd, place, depth);
}

function walkSubmessage(walk: Walk, plan: MessagePlan, end: number, place: Place, depth: number): void {
  if (plan.special === 'timestamp') walkTimestamp(walk, end, place);
  else if (plan.special !== undefined) checkFreeForm(plan.special, walk.reader, end, place, walk.findings);
  else walkMessage(walk, plan, end, place, depth + 1);
}

function walkText(walk: Walk, end: number, place: Place): void {
  const utf8 = walk.reader.bytes.subarray(walk.reader.pos, end);
  walk.reader.pos = end;
  if (walk.ids.size > 0 && utf8.includes(0) && walk.ids.has(pathOf(place))) walk.impossibleId = true;
  else walk.findings.checkText(place, utf8);
}

/** The key may come after the value, yet what is wrong with the value is named by it. */
function walkEntry(walk: Walk, entry: MessagePlan, end: number, map: Place, depth: number): void {
  const { reader, findings } = walk;
  const starts = new Map<FieldPlan, number>();
  while (reader.pos < end) {
    const tag = readUint32(reader, end);
    const field = entry.fields.get(tag >>> 3);
    // Twice the same field of an entry is read in two ways by two decoders.
    if (field === undefined || field.wireType !== (tag & 7) || starts.has(field)) {
      throw new MalformedMessageError('a map entry is not a key and a value');
    }
    starts.set(field, reader.pos);
    skip(reader, field.wireType, end);
  }
  const delimited = (start: number) => {
    const at = { bytes: reader.bytes, pos: start };
    const length = readLength(at, end);
    return [at.pos, at.pos + length] as const;
  };
  const [keyPlan, valuePlan] = [entry.fields.get(1)!, entry.fields.get(2)!];
  const keyStart = starts.get(keyPlan);
  const key =
    keyPlan.text && keyStart !== undefined ? reader.bytes.subarray(...delimited(keyStart)) : undefined;
  const place = { within: map, key };
  if (key !== undefined) findings.checkKey(place, key);
  const valueStart = starts.get(valuePlan);
  if (valueStart === undefined || valuePlan.wireType !== WIRE.delimited) return;
  const [from, to] = delimited(valueStart);
  reader.pos = from;
  if (valuePlan.text) walkText(walk, to, place);
  else if (valuePlan.message !== undefined) walkSubmessage(walk, valuePlan.message, to, place, depth);
  reader.pos = end;
}

/** @returns how many numbers there are */
function walkPacked(
  walk: Walk,
  field: FieldPlan,
  end: number,
  place: Place | undefined,
  before: number,
): number {
  const { reader } = walk;
  const length = readLength(reader, end);
  const size = field.wireType === WIRE.fixed64 ? 8 : 4;
  if (field.wireType !== WIRE.varint && length % size !== 0)
    throw new MalformedMessageError('a list is cut off');
  const count =
    field.wireType === WIRE.varint ? countPackedVarints(reader, reader.pos + length) : length / size;
  if (field.wireType !== WIRE.varint) reader.pos += length;
  refuseLongList(walk, field, place, before + count);
  return count;
}

/** At once, with what was found so far: to look on is what the limit is against. */
function refuseLongList(walk: Walk, field: FieldPlan, within: Place | undefined, count: number): void {
  if (count <= MOST_ITEMS) return;
  const description = `must not have more than ${MOST_ITEMS} items`;
  walk.findings.report({ within, field: field.name }, description, 'repeated.too_many');
  throw new FacetError('INVALID_INPUT', { violations: walk.findings.violations });
}

function walkTimestamp(walk: Walk, end: number, place: Place): void {
  const { reader, findings } = walk;
  let seconds = 0n;
  let nanos = 0n;
  while (reader.pos < end) {
    const tag = readUint32(reader, end);
    if (tag === 1 << 3) seconds = readInt64(reader, end);
    else if (tag === 2 << 3) nanos = readInt64(reader, end);
    else throw new MalformedMessageError('a timestamp is not seconds and nanos');
  }
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0n || nanos > 999_999_999n) {
    findings.report(place, 'must be a time from year 1 to 9999', 'timestamp.range');
  }
}
