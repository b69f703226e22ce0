import type { DescField, DescMessage, Registry } from '@bufbuild/protobuf';
import { anyPrinter } from './any-to-json.js';
import { printedName } from './field-name.js';
import { type FieldPrinter, fieldPrinter } from './field-to-json.js';
import type { JsonOptions } from './options.js';
import { unsetForm } from './presence.js';
import { type ContentPrinter, wellKnownPrinter } from './well-known-to-json.js';
import { deeper, readTag, type Source, skipField } from './wire-reader.js';
import { tagOf } from './wire-writer.js';

/** Finds, and compiles when first used, what prints each message type. */
export interface MessagePrinters {
  content(desc: DescMessage): ContentPrinter;
}

/**
 * What was read of a field so far: a scalar's text, a list's items without brackets, a map's entries, or
 * where the pieces of a message begin and end.
 */
export type Printed = string | Map<string, string> | number[] | undefined;

interface Labels {
  readonly label: string;
  /** What stands for the field when it is not set; empty where it is left out. */
  readonly unset: string;
}

interface PrintPlan {
  readonly place: number;
  readonly printer: FieldPrinter;
  /** As the first of its message, and behind others: a comma apart would be one more piece of text to join. */
  readonly first: Labels;
  readonly next: Labels;
  /** The places of the members of its oneof. */
  readonly rivals: readonly number[];
}

/** The printers of all message types of a registry. */
export function createMessagePrinters(registry: Registry, names: JsonOptions['names']): MessagePrinters {
  const known = new Map<DescMessage, ContentPrinter>();
  const printers: MessagePrinters = {
    content(desc) {
      const found = known.get(desc);
      if (found !== undefined) return found;
      let compiled: ContentPrinter | undefined;
      const print: ContentPrinter = (source, depth) => {
        compiled ??= compile(desc);
        return compiled(source, depth);
      };
      known.set(desc, print);
      return print;
    },
  };
  const compile = (desc: DescMessage): ContentPrinter => {
    if (desc.typeName === 'google.protobuf.Any') return anyPrinter(registry, printers);
    return wellKnownPrinter(desc) ?? objectPrinter(desc, names, printers);
  };
  return printers;
}

function objectPrinter(
  desc: DescMessage,
  names: JsonOptions['names'],
  printers: MessagePrinters,
): ContentPrinter {
  const plans = desc.fields.map((field) => planField(field, names, printers));
  const byTag = new Map<number, PrintPlan>();
  desc.fields.forEach((field, i) => {
    for (const wireType of plans[i]!.printer.wireTypes) byTag.set(tagOf(field, wireType), plans[i]!);
  });
  return (source, depth) => {
    const printed: Printed[] = new Array(plans.length).fill(undefined);
    const inner = deeper(depth);
    while (source.at < source.end) {
      const tag = readTag(source);
      const plan = byTag.get(tag);
      if (plan === undefined) {
        skipField(source, tag);
        continue;
      }
      for (const rival of plan.rivals) printed[rival] = undefined;
      printed[plan.place] = plan.printer.read(source, inner, printed[plan.place], tag & 7);
    }
    return joinFields(plans, printed, source, inner);
  };
}

function joinFields(
  plans: readonly PrintPlan[],
  printed: readonly Printed[],
  source: Source,
  depth: number,
): string {
  let text = '{';
  for (let i = 0; i < plans.length; i++) {
    const plan = plans[i]!;
    const value = printed[i];
    const { label, unset } = text.length === 1 ? plan.first : plan.next;
    if (value === undefined) text += unset;
    else text += label + plan.printer.finish(value, source, depth);
  }
  return `${text}}`;
}

function planField(field: DescField, names: JsonOptions['names'], printers: MessagePrinters): PrintPlan {
  const label = `${JSON.stringify(printedName(field, names))}:`;
  const printer = fieldPrinter(field, printers);
  const form = unsetForm(field);
  const unset = form === 'omitted' ? '' : label + (form === 'null' ? 'null' : printer.zero);
  const rivals = (field.oneof?.fields ?? []).filter((other) => other !== field);
  return {
    place: field.parent.fields.indexOf(field),
    printer,
    first: { label, unset },
    next: { label: `,${label}`, unset: unset && `,${unset}` },
    rivals: rivals.map((other) => field.parent.fields.indexOf(other)),
  };
}
