import { z } from 'zod';
import { parseAddress } from './address.js';

const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (parsed === undefined) context.addIssue({ code: 'custom', message: 'must be host:port' });
  return parsed ?? z.NEVER;
});

const addresses = z.string().transform((text, context) => {
  const parsed = text.split(',').map((part) => parseAddress(part.trim()));
  if (parsed.includes(undefined))
    context.addIssue({ code: 'custom', message: 'must be host:port, or several by comma' });
  return parsed.filter((one) => one !== undefined);
});

const sealingKeys = z.string().transform((text, context) => {
  const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'));
  if (keys.some((key) => key.length !== 32)) {
    context.addIssue({
      code: 'custom',
      message: 'must be 32 bytes as base64, or several by comma, newest first',
    });
  }
  return keys;
});

const whole = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number);

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

/** Every setting: its environment variable, its form, its default and what it is for. */
export const SETTINGS = z.object({
  FACET_GRPC_ADDR: addresses
    .default([{ host: '127.0.0.1', port: 50051 }])
    .describe(
      'Where the service listens for gRPC. For a gateway alone: the services that it dials, by comma.',
    ),
  FACET_REST_ADDR: address
    .default({ host: '127.0.0.1', port: 8080 })
    .describe('Where the gateway listens for REST.'),
  FACET_DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe('The folder of the embedded store and of a made sealing key.'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .optional()
    .describe('The MongoDB to keep records in. Unset: the embedded store.'),
  FACET_MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,38}$/, 'must be 1 to 38 letters, digits, _ or -')
    .optional()
    .describe('The database there. Default: the one that MONGODB_URI names, else facet.'),
  FACET_LINKEDIN_CONNECTOR: oneOf(['simulated', 'worker', 'unipile'])
    .optional()
    .describe('Who logs in to LinkedIn. Default: simulated on the embedded store, worker on MongoDB.'),
  FACET_SECRETS_KEY: sealingKeys
    .optional()
    .describe('The keys that seal secrets, newest first. On loopback one is made in the data folder.'),
  FACET_TLS_CERT: z.string().min(1).optional().describe('The certificate chain of both servers, a PEM file.'),
  FACET_TLS_KEY: z.string().min(1).optional().describe('Its private key, a PEM file.'),
  FACET_TLS_CLIENT_CA: z
    .string()
    .min(1)
    .optional()
    .describe('Only gRPC clients with a certificate of this CA get in (mTLS).'),
  FACET_TLS_CA: z
    .string()
    .min(1)
    .optional()
    .describe('The CA that a gateway alone trusts its services by, a PEM file.'),
  FACET_INSECURE: oneOf(['0', '1'])
    .default('0')
    .describe('1 allows an address beyond loopback without TLS, as --insecure does.'),
  FACET_JWKS: z
    .string()
    .min(1)
    .optional()
    .describe('Accept JWTs signed by these keys: an https URL or a file.'),
  FACET_JWT_ISSUER: z.string().min(1).optional().describe('The issuer that such a JWT must name.'),
  FACET_JWT_AUDIENCE: z.string().min(1).optional().describe('The audience that such a JWT must name.'),
  FACET_MAX_IN_FLIGHT: whole(1, 100_000).default(1000).describe('Calls worked on at once, in all.'),
  FACET_LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('How much is logged, as JSON lines on stderr.'),
});

export type Settings = z.output<typeof SETTINGS>;
