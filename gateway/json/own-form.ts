import type { DescMessage } from '@bufbuild/protobuf';
import { wellKnownPrinter } from './well-known-to-json.js';

/** Whether a message has a JSON form of its own, and so stands in an Any as its `value`. */
export function hasOwnForm(desc: DescMessage): boolean {
  const { typeName } = desc;
  return (
    typeName === 'google.protobuf.Any' ||
    typeName === 'google.protobuf.Empty' ||
    wellKnownPrinter(desc) !== undefined
  );
}
