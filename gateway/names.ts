import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { printedName } from './json/field-name.js';

/** A name, a quoted map key, or an index or other key in brackets. */
const STEP = /\.?([^.[\]]+)|\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]/y;

/**
 * Splits a field path of protobuf's (`identity.contacts[2].value`, `labels["a.b"]`) into steps and puts the
 * contract's names in place of the proto names: `["identity", "contacts", 2, "value"]`.
 * Steps that are not fields, such as those of free-form JSON, are kept as they are.
 */
export function contractPath(
  desc: DescMessage,
  protoPath: string,
  names: 'json' | 'proto',
): (string | number)[] {
  const steps: (string | number)[] = [];
  let message: DescMessage | undefined = desc;
  STEP.lastIndex = 0;
  while (STEP.lastIndex < protoPath.length) {
    const from = STEP.lastIndex;
    const match = STEP.exec(protoPath);
    if (match === null) {
      steps.push(protoPath.slice(from));
      break;
    }
    const [, name, quoted, bracketed] = match;
    if (name !== undefined) {
      const field: DescField | undefined = message?.fields.find((one) => one.name === name);
      steps.push(field === undefined ? name : printedName(field, names));
      message = field?.message;
    } else if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, '$1'));
    else steps.push(/^\d{1,15}$/.test(bracketed!) ? Number(bracketed) : bracketed!);
  }
  return steps;
}
