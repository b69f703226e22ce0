import type { Fault } from './invalid-input.js';

// What several readers say, in the same words.
export const mustBeObject: Fault = { rule: 'type', description: 'must be an object' };
export const mustBeArray: Fault = { rule: 'type', description: 'must be an array' };
export const mustNotBeNull: Fault = { rule: 'null', description: 'must not be null' };
export const givenTwice: Fault = { rule: 'duplicate', description: 'must not be given twice' };
export const unknownField: Fault = { rule: 'unknown', description: 'is not a known field' };
