import { STATUS_CODES } from 'node:http';
import { type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import type { ContractSettings } from '../contract-settings.js';
import type { Codecs } from '../json/codec.js';
import type { Binding } from '../route/bindings.js';
import { fillTemplate, type Template } from './body-template.js';
import { Code, codeNames, statusOfCode } from './codes.js';
import type { Failure } from './failure.js';
import { locate } from './locate.js';

/** An error as it goes out. */
export interface RenderedFailure {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What an error knows of the request it answers. */
export interface FailureContext {
  /** Undefined where no route was found. */
  readonly binding: Binding | undefined;
  readonly requestId: string | undefined;
}

export type RenderFailure = (failure: Failure, context: FailureContext) => RenderedFailure;

/** Makes the function that writes a contract's errors, by its settings. */
export function compileFailures(
  settings: ContractSettings,
  registry: FileRegistry,
  codecs: Codecs,
): RenderFailure {
  const bodyOf = settings.errors === undefined ? statusBody(registry, codecs) : contractBody(settings);
  return (failure, context) => {
    const status = httpStatus(failure, settings);
    return { status, headers: headers(failure, status, settings), body: bodyOf(failure, status, context) };
  };
}

/** The HTTP status of a failure in a contract. */
export function httpStatus(
  failure: Pick<Failure, 'code' | 'httpStatus' | 'reason'>,
  settings: ContractSettings,
): number {
  if (failure.httpStatus !== undefined) return failure.httpStatus;
  const byReason = failure.reason === undefined ? undefined : settings.reasons[failure.reason];
  if (byReason !== undefined) return byReason;
  if (failure.reason === 'ETAG_MISMATCH') return 412;
  const name = codeNames[failure.code];
  const byCode = name === undefined ? undefined : settings.statuses[name];
  if (byCode !== undefined) return byCode;
  return failure.code === Code.INVALID_ARGUMENT ? settings.invalidStatus : statusOfCode(failure.code);
}

function headers(failure: Failure, status: number, settings: ContractSettings): [string, string][] {
  const list: [string, string][] = Object.entries(failure.headers ?? {});
  list.push(...Object.entries(settings.errorHeaders[status] ?? {}));
  if (status === 401) list.push(['WWW-Authenticate', settings.challenge ?? headerText(failure.message)]);
  if (settings.retryAfter && (status === 429 || status === 503)) {
    list.push(['Retry-After', String(Math.max(1, Math.ceil(failure.retryAfter ?? 1)))]);
  }
  return list;
}

// Go writes the message's UTF-8 bytes; Node takes them as latin1. What could end the header becomes a space.
function headerText(text: string): string {
  return Buffer.from(text.replace(/[\0-\x1f\x7f]/g, ' '), 'utf8').toString('latin1');
}

type Body = (failure: Failure, status: number, context: FailureContext) => string;

function contractBody(settings: ContractSettings): Body {
  const { body, invalid, violation, texts, reasonNames, messages } = settings.errors as NonNullable<
    ContractSettings['errors']
  >;
  return (failure, status, { binding, requestId }) => {
    const text = STATUS_CODES[status] ?? 'Error';
    const given = failure.reason ?? codeNames[failure.code] ?? 'UNKNOWN';
    const reason = reasonNames[given] ?? given;
    const isInvalid = failure.code === Code.INVALID_ARGUMENT && invalid !== undefined;
    let violations = failure.violations ?? [];
    if (isInvalid && violations.length === 0) {
      violations = [
        { place: undefined, field: '', description: failure.message, rule: reason.toLowerCase() },
      ];
    }
    // What the gateway found itself it found in proto names; callers know only the contract's.
    const own =
      violations.length > 0 && violations.every(({ place, field }) => place !== undefined && field !== '');
    const shown = violations.map((each) => locate(each, binding, settings.names));
    const values = {
      $message: messages[given] ?? (own ? summary(shown, MOST_IN_MESSAGE) : failure.message),
      $code: failure.code,
      $http_status: status,
      $status_text: text,
      $text: texts[status] ?? text,
      $reason: reason,
      $reason_lower: reason.toLowerCase(),
      $timestamp: new Date().toISOString(),
      $request_id: requestId,
      $summary: summary(shown, shown.length) || failure.message,
      $violations: shown.map((each) => fillTemplate(violation as Template, each)),
    };
    return JSON.stringify(fillTemplate((isInvalid ? invalid : body) as Template, values));
  };
}

/** How many violations the message of an error tells. */
const MOST_IN_MESSAGE = 3;

function summary(violations: readonly Record<string, unknown>[], most: number): string {
  const texts = violations
    .slice(0, most)
    .map(({ $field, $description }) => ($field === '' ? `${$description}` : `${$field} ${$description}`));
  const more = violations.length - texts.length;
  return texts.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function statusBody(registry: FileRegistry, codecs: Codecs): Body {
  const anyType = registry.getMessage('google.protobuf.Any');
  const anyCodec = anyType === undefined ? undefined : codecs.message(anyType);
  const detail = (bytes: Uint8Array): string => {
    const { typeUrl, value } = fromBinary(AnySchema, bytes);
    const known = registry.getMessage(typeUrl.slice(typeUrl.lastIndexOf('/') + 1)) !== undefined;
    try {
      if (known && anyCodec !== undefined) return anyCodec.encode(bytes);
    } catch {
      // Bytes that are not what their type says are shown as bytes.
    }
    return JSON.stringify({ '@type': typeUrl, value: Buffer.from(value).toString('base64') });
  };
  return ({ code, message, details = [] }) =>
    `{"code":${code},"message":${JSON.stringify(message)},"details":[${details.map(detail).join(',')}]}`;
}
