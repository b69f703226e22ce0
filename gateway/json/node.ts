/**
 * A JSON value that has lost nothing of its text but white space and escapes.
 * A `number` is one that a double holds exactly and prints as it was written; any other keeps its text.
 */
export type JsonNode = null | boolean | string | number | JsonNumber | readonly JsonNode[] | JsonObject;

/** A number as it was written, such as 1.0 or 9007199254740993. */
export interface JsonNumber {
  readonly text: string;
  readonly names?: undefined;
}

/** An object as it was written: `names[i]` has the value `values[i]`, in order, duplicates and all. */
export interface JsonObject {
  readonly names: readonly string[];
  readonly values: readonly JsonNode[];
}

/** Whether a node is an array. */
export function isArray(node: JsonNode | undefined): node is readonly JsonNode[] {
  return Array.isArray(node);
}

/** Whether a node is an object. */
export function isObject(node: JsonNode | undefined): node is JsonObject {
  return typeof node === 'object' && node !== null && (node as JsonObject).names !== undefined;
}

/** The decimal text of a number, or undefined for any other node. */
export function numberText(node: JsonNode): string | undefined {
  if (typeof node === 'number') return String(node);
  return typeof node === 'object' && node !== null ? (node as JsonNumber).text : undefined;
}
