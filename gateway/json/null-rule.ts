import type { DescField } from '@bufbuild/protobuf';
import { isNullValue } from './enum-json.js';
import type { JsonOptions } from './options.js';
import { unsetForm } from './presence.js';

/** What null given for a field is: a value of its own, the same as not giving it, or a breach. */
export type NullRule = 'value' | 'unset' | 'refused';

/** The rule for a field. In strict types it can be null where it prints null, and lists and maps can be too. */
export function nullRule(field: DescField, types: JsonOptions['types']): NullRule {
  if (field.fieldKind === 'message' && field.message.typeName === 'google.protobuf.Value') return 'value';
  if (field.fieldKind === 'enum' && isNullValue(field.enum)) return 'value';
  if (types === 'proto3' || field.fieldKind === 'list' || field.fieldKind === 'map') return 'unset';
  return unsetForm(field) === 'null' ? 'unset' : 'refused';
}
