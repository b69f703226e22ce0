import type { ErrorObject } from 'ajv';
import type { Violation } from '../../domain/errors.js';
import { checkDocument } from '../../domain/schema/check-document.js';
import type { IdentitySchema } from '../../domain/schema/identity-schema.js';
import { readTraits } from '../../domain/schema/read-traits.js';
import type { TraitFacts } from '../../domain/traits.js';
import { compileDocument } from './compile.js';
import { runCompiled } from './run-compiled.js';

/** What a schema says of traits: what they mean to other contracts, and what is wrong with them. */
export interface TraitsVerdict {
  readonly facts: TraitFacts;
  /** By path below the traits, as in `traits["email"]`. */
  readonly violations: readonly Violation[];
}

/** Judges traits by one schema. @param text the same traits as JSON */
export type TraitsCheck = (traits: unknown, text: string) => TraitsVerdict;

const NO_FACTS: TraitFacts = { identifiers: [], verifiable: [], recovery: [], names: {} };

/** Makes the check of a schema that was looked into when it was put. */
export function compileTraitsCheck(schema: IdentitySchema): TraitsCheck {
  const document = JSON.parse(schema.document);
  const { dialect, cost } = checkDocument(schema.document);
  const compiled = compileDocument(document, dialect);
  return (traits, text) => {
    const errors = runCompiled(compiled, { traits }, cost * text.length);
    if (errors === undefined) return refused('takes too long to check by its schema', 'schema.time');
    if (errors.length > 0) return { facts: NO_FACTS, violations: errors.map(toViolation) };
    return readTraits(document, traits);
  };
}

function refused(description: string, rule: string): TraitsVerdict {
  return { facts: NO_FACTS, violations: [{ field: 'traits', description, rule }] };
}

function toViolation({ instancePath, keyword, message, params }: ErrorObject): Violation {
  const [, , ...steps] = instancePath.split('/');
  const path = steps.map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  // Of a member that is too many or missing, the error names the object.
  const named = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  if (keyword === 'required' && typeof named === 'string') path.push(named);
  const extra = typeof named === 'string' && keyword !== 'required' ? `: "${named.slice(0, 64)}"` : '';
  return {
    field: path.reduce(
      (text, step) => text + (/^\d+$/.test(step) ? `[${step}]` : `[${JSON.stringify(step)}]`),
      'traits',
    ),
    description: (keyword === 'required' ? 'is required' : (message ?? 'is not as the schema says')) + extra,
    rule: `schema.${keyword}`,
  };
}
