import { STATUS_CODES } from 'node:http';
import { fillTemplate, type Template } from '../../gateway/errors/body-template.js';
import { statusOfCode } from '../../gateway/errors/codes.js';
import { contractPath } from '../../gateway/names.js';
import type { Binding } from '../../gateway/route/bindings.js';
import type { Answer } from './answer.js';
import { bindingOf } from './binding-of.js';
import type { Situation } from './rules.js';

/** An error as Go's gateway writes it: google.rpc.Status. */
export interface GoError {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly '@type': string; readonly [name: string]: unknown }[];
}

interface Violation {
  readonly field: string;
  readonly description: string;
  readonly reason: string;
}

const INVALID_ARGUMENT = 3;
const FAILED_PRECONDITION = 9;

/** The error in a body of Go's, wrapped where it ended a stream before its first message. */
export function goError({ body }: Answer): GoError | undefined {
  const given = body as GoError | { readonly error?: GoError } | undefined;
  const error = (given as { readonly error?: GoError } | undefined)?.error ?? (given as GoError | undefined);
  return typeof error?.code === 'number' && Array.isArray(error.details) ? error : undefined;
}

/** The reason that the service gave, undefined where the error was made by a gateway. */
export function reasonOf(error: GoError | undefined): string | undefined {
  return detail(error, 'ErrorInfo')?.reason as string | undefined;
}

/**
 * What a contract must make of an error: its status by the settings, its body by their template. The text of an
 * error that a gateway made by itself is its own affair, and taken from ours where its shape is right.
 */
export function contractError(answer: Answer, error: GoError, situation: Situation): Answer {
  const { settings } = situation.contract;
  const reason = reasonOf(error);
  const status = statusOf(error.code, reason, settings, answer.status);
  const headers = { ...answer.headers, ...settings.errorHeaders[status], 'content-type': 'application/json' };
  const { body, invalid } = settings.errors as { body: Template; invalid?: Template };
  const template = error.code === INVALID_ARGUMENT ? (invalid ?? body) : body;
  const { ours } = situation;
  if (reason === undefined) {
    const fits = Object.keys(template as object).join() === Object.keys((ours.body ?? {}) as object).join();
    return { status, headers, body: fits ? ours.body : template };
  }
  const shown = settings.errors?.reasonNames[reason] ?? reason;
  const violations = violationsOf(error, situation);
  const fill = settings.errors?.violation as Template | undefined;
  const values = {
    $message: settings.errors?.messages[reason] ?? error.message,
    $code: error.code,
    $http_status: status,
    $reason: shown,
    $reason_lower: shown.toLowerCase(),
    $timestamp: '<time>',
    $violations: fill && violations.map((each) => fillTemplate(fill, each)),
    $summary: violations.map(({ $field, $description }) => `${$field} ${$description}`.trim()).join('; '),
    $status_text: STATUS_CODES[status],
    $text: settings.errors?.texts[status],
  };
  return { status, headers, body: fillTemplate(template, values) };
}

function violationsOf(error: GoError, { contract, request }: Situation): Record<string, unknown>[] {
  const binding = bindingOf(contract, request);
  const given = (detail(error, 'BadRequest')?.fieldViolations ?? []) as Violation[];
  const whole = { field: '', description: error.message, reason: (reasonOf(error) ?? '').toLowerCase() };
  return (given.length > 0 ? given : [whole]).map(({ field, description, reason }) => {
    const path =
      binding === undefined ? [field] : contractPath(binding.rpc.input, field, contract.settings.names);
    const body = binding?.body === '*' ? undefined : binding?.body?.name;
    // The body is the field: callers never write its name.
    const shown = body !== undefined && field.split('.')[0] === body ? path.slice(1) : path;
    const $path = binding === undefined ? shown : [placeOf(field, binding), ...shown];
    return { $field: fieldText(shown), $path, $description: description, $rule: reason };
  });
}

/** A path as text: a place in a list is `[0]`. */
function fieldText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Where a caller has written a field. */
function placeOf(field: string, { body, template }: Binding): string {
  const [root = ''] = field.split(/[.[]/);
  if (template.variables.some((variable) => variable.field === field)) return 'path';
  return body === '*' || (body !== undefined && (field === '' || root === body.name)) ? 'body' : 'query';
}

function statusOf(
  code: number,
  reason: string | undefined,
  { reasons, statuses, invalidStatus }: Situation['contract']['settings'],
  status: number,
): number {
  const byReason = reasons[reason ?? ''];
  if (byReason !== undefined) return byReason;
  if (code === FAILED_PRECONDITION) return statuses.FAILED_PRECONDITION ?? status;
  if (statusOfCode(code) !== status) return status;
  return code === INVALID_ARGUMENT ? invalidStatus : status;
}

function detail(error: GoError | undefined, name: string): Record<string, unknown> | undefined {
  return error?.details.find((each) => each['@type'] === `type.googleapis.com/google.rpc.${name}`);
}
