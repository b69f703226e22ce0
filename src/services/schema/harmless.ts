import { type FacetError, invalid } from '../../domain/errors.js';
import { checkDocument } from '../../domain/schema/check-document.js';
import { slowPattern } from './slow-pattern.js';

/** Throws INVALID_INPUT that says what is wrong with a document, and where. */
export async function assertHarmless(text: string): Promise<void> {
  const { faults, dialect, patterns, formats } = checkDocument(text);
  const { compileDocument, knownFormats } = await import('./compile.js');
  const known = knownFormats();
  const unknown = formats.filter((format) => !known.has(format));
  const found = [...faults, ...unknown.map((format) => `has the unknown format "${format}"`)];
  if (found.length > 0) throw refused(...found);
  try {
    compileDocument(JSON.parse(text), dialect);
  } catch (error) {
    throw refused(`is no JSON Schema of its dialect: ${(error as Error).message}`);
  }
  const slow = await slowPattern(patterns);
  if (slow !== undefined) throw refused(`has a pattern that some texts make slow: ${slow}`);
}

function refused(...faults: readonly string[]): FacetError {
  const violations = faults.map((description) => ({
    field: 'schema.document',
    description: description.slice(0, 500),
    rule: 'schema.document',
  }));
  return invalid(...violations);
}
