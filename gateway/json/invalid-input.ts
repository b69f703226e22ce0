/** One breach of what a message may be. */
export interface Violation {
  /** The field's path in proto names, such as `contacts[2].value`; empty for the message itself. */
  readonly field: string;
  /** What is wrong, for people; never the value given. */
  readonly description: string;
  /** What kind of breach it is, for programs: type, range, null, unknown, missing, duplicate, oneof, ... */
  readonly rule: string;
}

/** Well-formed JSON, or a query or path parameter, that its message cannot take. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[], message: string) {
    super(message);
    this.violations = violations;
  }
}

/** What is wrong with one value, before it is known where it stands. */
export interface Fault {
  readonly rule: string;
  readonly description: string;
}

/** A field on the way to a value: its two names. The shown one is empty for a field that is itself the body. */
export interface PathField {
  readonly protoName: string;
  readonly shownName: string;
}

/** A step on the way to a value: a field, an index, or a key of a map or of free-form JSON. */
export type PathStep = PathField | number | string;

/** Where a decoder is, and what it has found wrong so far. */
export interface Findings {
  readonly path: PathStep[];
  readonly violations: Violation[];
  readonly messages: string[];
}

// A body of a million wrong elements must not become a million sentences.
const MOST_VIOLATIONS = 100;
const LONGEST_KEY = 64;

/** Nothing found yet. */
export function createFindings(): Findings {
  return { path: [], violations: [], messages: [] };
}

/** Records a fault at the present path, or at one step below it. */
export function report(findings: Findings, fault: Fault, step?: PathStep): void {
  if (findings.violations.length >= MOST_VIOLATIONS) return;
  const steps = step === undefined ? findings.path : [...findings.path, step];
  const field = pathText(steps, 'protoName');
  findings.violations.push({ field, description: fault.description, rule: fault.rule });
  const shown = pathText(steps, 'shownName');
  findings.messages.push(shown === '' ? fault.description : `${shown}: ${fault.description}`);
}

/** @throws InvalidInput where anything was found. */
export function refuseIfAny(findings: Findings): void {
  if (findings.violations.length === 0) return;
  throw new InvalidInput(findings.violations, findings.messages.join('; '));
}

function pathText(steps: readonly PathStep[], name: 'protoName' | 'shownName'): string {
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else {
      const part = typeof step === 'string' ? shorten(step) : step[name];
      text += text === '' || part === '' ? part : `.${part}`;
    }
  }
  return text;
}

/** A key from outside, cut to a length that an error can show. */
export function shorten(key: string): string {
  return key.length <= LONGEST_KEY ? key : `${key.slice(0, LONGEST_KEY).replace(/\p{Surrogate}$/u, '')}...`;
}
