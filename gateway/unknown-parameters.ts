import type { DescMessage } from '@bufbuild/protobuf';
import { parseQueryString } from './binding/query-string.js';
import type { ContractSettings } from './contract-settings.js';

/** Makes the search for parameters that a contract refuses where its request does not have them. */
export function compileRefusal(
  desc: DescMessage,
  { refusedQuery, names }: ContractSettings,
): (query: string) => string[] {
  if (refusedQuery === undefined) return () => [];
  const pattern = new RegExp(refusedQuery);
  const known = new Set(desc.fields.map((field) => (names === 'json' ? field.jsonName : field.name)));
  return (query) => {
    const parameters = parseQueryString(query);
    // What cannot be split at all is told by the one who reads the values.
    const given = parameters instanceof Map ? [...parameters.keys()] : [];
    return given.filter((name) => pattern.test(name) && !known.has(name));
  };
}
