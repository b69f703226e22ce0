import { z } from 'zod';
import { bodyVariables, unknownVariables, violationVariables } from './errors/body-template.js';
import { codeNames } from './errors/codes.js';

const httpStatus = z.int().min(100).max(599);
const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'a header name in lower case');

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
});

const contract = z.strictObject({
  /** The protobuf package whose services make up the contract. */
  package: z.string().min(1),
  names: z.enum(['json', 'proto']).default('json'),
  types: z.enum(['strict', 'proto3']).default('proto3'),
  unknownFields: z.enum(['ignore', 'refuse']).default('ignore'),
  /** Whether `?name=` sets the field or counts as not given. */
  emptyQuery: z.enum(['value', 'absent']).default('value'),
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
  /** Headers added to errors, by HTTP status. */
  errorHeaders: z.record(z.string().regex(/^[45]\d\d$/), z.record(headerName, z.string())).default({}),
  /** Whether 429 and 503 carry Retry-After: RetryInfo's delay, or a second. */
  retryAfter: z.boolean().default(false),
  /** Request headers that go on as metadata under their own names. */
  requestHeaders: z.array(headerName).default([]),
  /** Metadata of the answer that become headers under their own names. */
  responseHeaders: z.array(headerName).default([]),
  /** WWW-Authenticate of a 401; the error's message where absent. */
  challenge: z.string().optional(),
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

const settings = z
  .strictObject({
    /** What comes before a contract's name in a path: "/api/" makes "/api/agents/v1/…". */
    prefix: z
      .string()
      .regex(/^\/(?:[^/]+\/)*$/, 'begins and ends with /')
      .default('/api/'),
    /** The contract that answers where neither path nor key names one. */
    default: z.string().optional(),
    /** Matched against a bearer token; its first group is the name of a contract. */
    keyPattern: z.string().optional(),
    contracts: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), contract).default({}),
    /** How services are served that no contract names: as grpc-gateway serves them, where it says nothing else. */
    others: contract.omit({ package: true }).prefault({}),
    cors: z
      .strictObject({
        /** Origins that are let in; "*" is any. */
        origins: z.array(z.string()).min(1),
        /** Seconds for which a browser may remember a preflight. */
        maxAge: z.int().min(0).default(600),
      })
      .optional(),
    limits: z
      .strictObject({
        /** Bytes of a request's body, and of each message of a client stream. */
        body: z
          .int()
          .min(1)
          .default(1024 * 1024),
        /** Bytes of request headers that go on as metadata. */
        metadata: z
          .int()
          .min(1024)
          .default(16 * 1024),
        /** How deep the JSON of a body may nest. */
        depth: z.int().min(1).max(1000).default(64),
      })
      .prefault({}),
    /** Milliseconds of silence after which a server-sent event stream gets a comment. */
    heartbeat: z.int().min(10).default(15_000),
  })
  .superRefine((value, context) => {
    if (value.default !== undefined && !(value.default in value.contracts)) {
      context.addIssue({
        code: 'custom',
        path: ['default'],
        message: `there is no contract "${value.default}"`,
      });
    }
    const packages = new Map<string, string>();
    for (const [name, { package: owned }] of Object.entries(value.contracts)) {
      const other = packages.get(owned);
      if (other !== undefined) {
        const message = `${owned} is the package of "${other}" already`;
        context.addIssue({ code: 'custom', path: ['contracts', name, 'package'], message });
      }
      packages.set(owned, name);
    }
    try {
      if (value.keyPattern !== undefined) new RegExp(value.keyPattern);
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['keyPattern'], message: (error as Error).message });
    }
  });

/** The gateway's settings, with defaults filled in. */
export type Settings = z.infer<typeof settings>;
/** What a contract's settings say. */
export type ContractSettings = Omit<z.infer<typeof contract>, 'package'>;
/** Settings as they are written. */
export type SettingsInput = z.input<typeof settings>;

/** Reads settings; throws an Error that lists everything wrong with them. */
export function parseSettings(input: unknown): Settings {
  const result = settings.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    (issue) => `  ${issue.path.join('.') || 'settings'}: ${issue.message}`,
  );
  throw new Error(`the gateway's settings are wrong:\n${faults.join('\n')}`);
}
