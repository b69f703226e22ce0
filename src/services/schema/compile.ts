import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Dialect } from '../../domain/schema/check-document.js';

const PHONE = /^\+[0-9]{7,15}$/;

/** Runs compiled schemas; answers what is wrong, at most a few things. */
export type CompiledSchema = (value: unknown) => readonly ErrorObject[];

/**
 * Compiles a document that has been looked into. Throws the compiler's own error for one that its dialect does
 * not know. A new compiler each time: one that is kept keeps every schema that it has ever seen.
 */
export function compileDocument(document: object, dialect: Dialect): CompiledSchema {
  const compiler = newCompiler(dialect);
  const validate = compiler.compile(document) as ValidateFunction;
  return (value) => (validate(value) ? [] : (validate.errors ?? []).slice());
}

/** The formats that are known; others are refused rather than ignored. */
export function knownFormats(): ReadonlySet<string> {
  return new Set(Object.keys(newCompiler('draft-07').formats));
}

function newCompiler(dialect: Dialect): Ajv {
  const compiler = new (dialect === '2020-12' ? Ajv2020 : Ajv)({
    // Keywords of other products are notes.
    strict: false,
    // What every object inherits, such as toString, is no member of a trait.
    ownProperties: true,
    allErrors: false,
    logger: false,
  }) as Ajv;
  (addFormats as unknown as (ajv: Ajv) => void)(compiler);
  compiler.addFormat('tel', PHONE);
  return compiler;
}
