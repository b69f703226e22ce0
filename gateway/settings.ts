import { z } from 'zod';
import { contractSchema, patternSchema } from './contract-settings.js';

const settings = z.strictObject({
  /** What comes before a contract's name in a path: "/api/" makes "/api/agents/v1/…". */
  prefix: z
    .string()
    .regex(/^\/(?:[^/]+\/)*$/, 'begins and ends with /')
    .default('/api/'),
  /** The contract that answers where neither path nor key names one. */
  default: z.string().optional(),
  /** Matched against a bearer token; its first group is the name of a contract. */
  keyPattern: patternSchema.optional(),
  contracts: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), contractSchema).default({}),
  /** How services are served that no contract names: as grpc-gateway serves them, where it says nothing else. */
  others: contractSchema.omit({ package: true }).prefault({}),
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
});

/** The gateway's settings, with defaults filled in. */
export type Settings = z.infer<typeof settings>;
/** Settings as they are written. */
export type SettingsInput = z.input<typeof settings>;

/** Reads settings; throws an Error that lists everything wrong with them. */
export function parseSettings(input: unknown): Settings {
  const result = settings.safeParse(input);
  const faults = result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`);
  faults.push(...crossFaults(outline.parse(input)));
  if (result.success && faults.length === 0) return result.data;
  throw new Error(`the gateway's settings are wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

// As much of any settings as it takes to see what does not go together, whatever else is wrong with them.
const outline = z
  .looseObject({
    default: z.string().optional().catch(undefined),
    contracts: z
      .record(z.string(), z.looseObject({ package: z.string() }).catch({ package: '' }))
      .default({})
      .catch({}),
  })
  .catch({ default: undefined, contracts: {} });

function crossFaults({ default: first, contracts }: z.infer<typeof outline>): string[] {
  const faults: string[] = [];
  if (first !== undefined && !Object.hasOwn(contracts, first))
    faults.push(`default: there is no contract "${first}"`);
  const owners = new Map<string, string>();
  for (const [name, { package: owned }] of Object.entries(contracts)) {
    const owner = owners.get(owned);
    if (owner !== undefined)
      faults.push(`contracts.${name}.package: ${owned} is the package of "${owner}" already`);
    else if (owned !== '') owners.set(owned, name);
  }
  return faults;
}
