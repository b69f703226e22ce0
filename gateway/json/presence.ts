import type { DescField } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';

/**
 * How a field that is not set looks in JSON: left out (a member of a oneof, or one marked `optional`),
 * null (any other field that knows whether it is set), or as its zero value, empty list or empty map.
 */
export function unsetForm(field: DescField): 'omitted' | 'null' | 'zero' {
  if (field.fieldKind === 'list' || field.fieldKind === 'map') return 'zero';
  if (field.oneof !== undefined || field.proto.proto3Optional) return 'omitted';
  return field.presence === FeatureSet_FieldPresence.IMPLICIT ? 'zero' : 'null';
}

/** Whether a zero value has to be written, because the field knows whether it is set. */
export function hasPresence(field: DescField): boolean {
  return field.presence !== FeatureSet_FieldPresence.IMPLICIT;
}
