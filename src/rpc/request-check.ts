import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type Message,
  toBinary,
} from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { FacetError } from '../domain/errors.js';
import { type Image, pathFields, withHollowFreeForm } from './image.js';
import { toViolation } from './violation.js';
import { compileWireCheck } from './wire-check.js';

/**
 * Checks the bytes of a request, and gives those to decode: the same, or the same message in its canonical form.
 * Throws INVALID_INPUT with all violations at once, or NOT_FOUND for an id that cannot exist.
 */
export type RequestCheck = (bytes: Uint8Array) => Uint8Array;

type Checks = (method: DescMethod) => RequestCheck;
const known = new WeakMap<Image, Checks>();

/**
 * Compiles the checks of methods by the image's rules (buf.validate), those of a message once for all who have the
 * image. A rule that is wrong throws here.
 */
export function createRequestChecks(image: Image): Checks {
  const before = known.get(image);
  if (before !== undefined) return before;
  const checks = compileChecks(image);
  known.set(image, checks);
  return checks;
}

function compileChecks(image: Image): Checks {
  // Rules say nothing about the inside of free-form JSON, and decoding it takes longer than all the rest.
  const hollow = withHollowFreeForm(image);
  const validator = createValidator({ registry: hollow, regexMatch });
  return (method) => {
    const full = method.input;
    const message = hollow.getMessage(full.typeName)!;
    const checkWire = compileWireCheck(full, pathFields(image, method));
    const trial = validator.validate(message, create(message));
    if (trial.kind === 'error')
      throw new Error(`${message.typeName}: a rule is wrong`, { cause: trial.error });

    return (bytes) => {
      const report = attempt(() => checkWire(bytes));
      const { violations } = report;
      const decoded = decode(message, bytes, violations);
      const result = validator.validate(message, decoded);
      if (result.kind === 'error') throw result.error;
      if (result.kind === 'invalid' || violations.length > 0) {
        const broken = result.kind === 'invalid' ? result.violations : [];
        throw new FacetError('INVALID_INPUT', {
          violations: [...violations, ...broken.map((violation) => toViolation(message, violation))],
        });
      }
      if (report.impossibleId) throw new FacetError('NOT_FOUND');
      return report.inPieces ? toBinary(full, decode(full, bytes, violations)) : bytes;
    };
  };
}

function decode(message: DescMessage, bytes: Uint8Array, violations: FacetError['violations']): Message {
  try {
    return fromBinary(message, bytes, { readUnknownFields: false });
  } catch (error) {
    throw violations.length > 0 ? new FacetError('INVALID_INPUT', { violations }) : malformed(error);
  }
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof FacetError ? error : malformed(error);
  }
}

/** The bytes are no message of this type: no field can be named. */
export function malformed(cause: unknown): FacetError {
  return new FacetError('INVALID_INPUT', { message: 'The request is not a well-formed message.', cause });
}

const patterns = new Map<string, RegExp>();

/** Native instead of RE2: our patterns are linear, and few. */
function regexMatch(pattern: string, against: string): boolean {
  const known = patterns.get(pattern);
  if (known !== undefined) return known.test(against);
  const compiled = new RegExp(pattern, 'u');
  patterns.set(pattern, compiled);
  return compiled.test(against);
}
