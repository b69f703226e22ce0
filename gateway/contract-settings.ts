import { z } from 'zod';
import { bodyVariables, unknownVariables, violationVariables } from './errors/body-template.js';
import { codeNames } from './errors/codes.js';

const httpStatus = z.int().min(100).max(599);
const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'a header name in lower case');

const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, 'printable ASCII');

/** A regular expression, as text. */
export const patternSchema = z.string().superRefine((text, context) => {
  try {
    new RegExp(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});

const template = (variables: readonly string[]) =>
  z.json().superRefine((value, context) => {
    for (const name of unknownVariables(value, variables)) {
      context.addIssue({ code: 'custom', message: `${name} is not one of ${variables.join(' ')}` });
    }
  });

const errors = z.strictObject({
  /** The body of an error. */
  body: template(bodyVariables),
  /** The body of an INVALID_ARGUMENT, where it differs; its $violations are never empty. */
  invalid: template(bodyVariables).optional(),
  /** One element of $violations. */
  violation: template(violationVariables).default({ field: '$field', message: '$description' }),
  /** $text by HTTP status; the status's own text where it is not here. */
  texts: z.record(z.string().regex(/^[1-5]\d\d$/), z.string()).default({}),
  /** The reasons that the contract has other names for: $reason and $reason_lower show those. */
  reasonNames: z.record(z.string(), z.string()).default({}),
  /** The contract's own texts for reasons: $message shows those. */
  messages: z.record(z.string(), z.string()).default({}),
});

/** What the settings say of one contract. */
export const contractSchema = z.strictObject({
  /** The protobuf package whose services make up the contract. */
  package: z.string().min(1),
  names: z.enum(['json', 'proto']).default('json'),
  types: z.enum(['strict', 'proto3']).default('proto3'),
  unknownFields: z.enum(['ignore', 'refuse']).default('ignore'),
  /** Whether `?name=` sets the field or counts as not given. */
  emptyQuery: z.enum(['value', 'absent']).default('value'),
  /** Query parameters that match it are refused where the request has no such field; all others are ignored. */
  refusedQuery: patternSchema.optional(),
  /** The HTTP status of INVALID_ARGUMENT. */
  invalidStatus: httpStatus.default(400),
  /** HTTP statuses by gRPC code, where they are not google.rpc.Code's own. */
  statuses: z.partialRecord(z.enum(codeNames), httpStatus).default({}),
  /** HTTP statuses by the reason of google.rpc.ErrorInfo; they go before those by code. */
  reasons: z.record(z.string(), httpStatus).default({}),
  /** Whether a leading /v1 may be left out of the path. */
  optionalVersion: z.boolean().default(false),
  /** The shape of errors; google.rpc.Status where absent. */
  errors: errors.optional(),
  /** Whether an error before a stream's first message is the plain body, or wrapped as `{"error": …}`. */
  streamErrors: z.enum(['plain', 'wrapped']).default('wrapped'),
  /** Whether a line of a stream is `{"result": <message>}`, or the message itself; an error is `{"error": …}`. */
  streamMessages: z.enum(['bare', 'wrapped']).default('wrapped'),
  /** Headers added to errors, by HTTP status. */
  errorHeaders: z.record(z.string().regex(/^[45]\d\d$/), z.record(headerName, headerValue)).default({}),
  /** Whether 429 and 503 carry Retry-After: RetryInfo's delay, or a second. */
  retryAfter: z.boolean().default(false),
  /** Request headers that go on as metadata under their own names. */
  requestHeaders: z.array(headerName).default([]),
  /** Metadata of the answer that become headers under their own names. */
  responseHeaders: z.array(headerName).default([]),
  /** WWW-Authenticate of a 401; the error's message where absent. */
  challenge: headerValue.optional(),
  /** Whether 401 and 403 go before what is wrong with the request: the service is then asked who may call. */
  callerFirst: z.boolean().default(false),
  /** Grpc-Metadata-* in, form posts served as GET, X-HTTP-Method-Override. */
  sideDoors: z.boolean().default(true),
  /** Whether routes must be unambiguous, as a documented API's are. */
  strictRoutes: z.boolean().default(false),
  /** 501 for a known path with another method, as Go answers, instead of 405. */
  wrongMethod: z.union([z.literal(405), z.literal(501)]).default(405),
  unescaping: z.enum(['except-reserved', 'legacy']).default('except-reserved'),
  /** Whether data after a body's first JSON value is an error. */
  trailingData: z.enum(['refuse', 'ignore']).default('refuse'),
});

/** What a contract's settings say, with defaults filled in. */
export type ContractSettings = Omit<z.infer<typeof contractSchema>, 'package'>;
