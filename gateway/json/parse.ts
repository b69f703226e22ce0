export { JsonSyntaxError } from './cursor.js';
export { type JsonLimits, parseJson } from './document.js';
export type { JsonNode, JsonNumber, JsonObject } from './node.js';
export { parseJsonSequence, type SequenceLimits } from './sequence.js';
