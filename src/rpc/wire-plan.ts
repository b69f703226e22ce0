import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { type FreeForm, isFreeForm } from './free-form.js';
import { WIRE } from './wire-reader.js';

/** How one field looks on the wire, and what of it is to be checked. */
export interface FieldPlan {
  /** Undefined for the value of a wrapper, which goes by the wrapper's name. */
  readonly name: string | undefined;
  readonly wireType: number;
  readonly packable: boolean;
  readonly repeated: boolean;
  readonly text: boolean;
  readonly oneof: string | undefined;
  readonly message: MessagePlan | undefined;
}

/** How a message looks on the wire. */
export interface MessagePlan {
  readonly fields: ReadonlyMap<number, FieldPlan>;
  readonly special: FreeForm | 'timestamp' | undefined;
  /** Whether it is one key and value of a map. */
  readonly entry: boolean;
  /** Whether free-form JSON is anywhere in it. */
  hasFreeForm: boolean;
}

/** Messages can hold themselves, so plans are made once each and linked. */
export function planMessage(message: DescMessage): MessagePlan {
  const plans = new Map<string, MessagePlan>();
  const root = plan(message, plans);
  // To a fixed point: a message that holds itself learns late what it holds.
  for (let changed = true; changed; ) {
    changed = false;
    for (const each of plans.values()) {
      if (each.hasFreeForm || ![...each.fields.values()].some((field) => field.message?.hasFreeForm))
        continue;
      each.hasFreeForm = true;
      changed = true;
    }
  }
  return root;
}

function plan(message: DescMessage, plans: Map<string, MessagePlan>): MessagePlan {
  const made = plans.get(message.typeName);
  if (made !== undefined) return made;
  const fields = new Map<number, FieldPlan>();
  const freeForm = isFreeForm(message.typeName) ? message.typeName : undefined;
  const timestamp = message.typeName === 'google.protobuf.Timestamp' ? 'timestamp' : undefined;
  const planned: MessagePlan = {
    fields,
    special: freeForm ?? timestamp,
    entry: false,
    hasFreeForm: freeForm !== undefined,
  };
  plans.set(message.typeName, planned);
  if (freeForm === undefined)
    for (const field of message.fields) fields.set(field.number, planField(field, plans));
  return planned;
}

function planField(field: DescField, plans: Map<string, MessagePlan>): FieldPlan {
  const name = field.parent.file.proto.name === 'google/protobuf/wrappers.proto' ? undefined : field.name;
  const base = { name, packable: false, repeated: false, text: false, oneof: field.oneof?.name };
  switch (field.fieldKind) {
    case 'message':
      if (field.delimitedEncoding) throw new Error(`${field}: groups are not supported`);
      return { ...base, wireType: WIRE.delimited, message: plan(field.message, plans) };
    case 'map':
      return { ...base, wireType: WIRE.delimited, repeated: true, message: planEntry(field, plans) };
    case 'list':
      if (field.listKind === 'message') {
        return { ...base, wireType: WIRE.delimited, repeated: true, message: plan(field.message, plans) };
      }
      return { ...base, ...planScalar(field.scalar), repeated: true, message: undefined };
    default:
      return { ...base, ...planScalar(field.scalar), packable: false, message: undefined };
  }
}

/** A map is on the wire as a list of messages with a key and a value. */
function planEntry(field: DescField & { fieldKind: 'map' }, plans: Map<string, MessagePlan>): MessagePlan {
  const base = { repeated: false, oneof: undefined };
  const key: FieldPlan = {
    ...base,
    ...planScalar(field.mapKey),
    packable: false,
    name: 'key',
    message: undefined,
  };
  const value: FieldPlan =
    field.mapKind === 'message'
      ? {
          ...base,
          name: 'value',
          wireType: WIRE.delimited,
          packable: false,
          text: false,
          message: plan(field.message, plans),
        }
      : { ...base, ...planScalar(field.scalar), packable: false, name: 'value', message: undefined };
  const entry: MessagePlan = {
    fields: new Map([
      [1, key],
      [2, value],
    ]),
    special: undefined,
    entry: true,
    hasFreeForm: false,
  };
  plans.set(String(field), entry);
  return entry;
}

/** @param scalar undefined for an enum */
function planScalar(scalar: ScalarType | undefined): Pick<FieldPlan, 'wireType' | 'packable' | 'text'> {
  switch (scalar) {
    case ScalarType.STRING:
      return { wireType: WIRE.delimited, packable: false, text: true };
    case ScalarType.BYTES:
      return { wireType: WIRE.delimited, packable: false, text: false };
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return { wireType: WIRE.fixed64, packable: true, text: false };
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return { wireType: WIRE.fixed32, packable: true, text: false };
    default:
      return { wireType: WIRE.varint, packable: true, text: false };
  }
}
