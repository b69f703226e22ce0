import { type Contract, compileContracts } from '../contract.js';
import { withRpcTypes } from '../errors/rpc-types.js';
import { readImage } from '../image.js';
import { parseSettings, type SettingsInput } from '../settings.js';
import { commentOf, packageComment } from './comments.js';
import { createComponents, messagesWithin } from './components.js';
import { createErrorResponses } from './error-responses.js';
import { createMessageSchemas } from './message-schemas.js';
import { pathItems } from './operation-object.js';
import { createRules } from './rules.js';
import { paragraphs } from './schema.js';

export interface DocumentOptions {
  /** A serialized FileDescriptorSet with all imports; its source info gives the descriptions. */
  readonly image: Uint8Array;
  /** The gateway's settings. */
  readonly settings: SettingsInput;
  /** The name of a contract in the settings. */
  readonly contract: string;
  readonly info: { readonly title: string; readonly version: string };
}

/** An OpenAPI document, as https://spec.openapis.org/oas/v3.1.1 has it. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

const ELSEWHERE =
  'A path that is not listed here is answered as `components/responses/NotFound` says, another method of a path ' +
  'that is as `MethodNotAllowed`. HEAD is answered as GET without the body, OPTIONS with 204 and the header Allow.';

/**
 * Describes a contract as the gateway serves it, from the same descriptors and settings and nothing else.
 * Throws an Error where settings or routes are wrong, or where there is no such contract.
 */
export function openapiDocument({
  image,
  settings: input,
  contract: name,
  info,
}: DocumentOptions): OpenApiDocument {
  const settings = parseSettings(input);
  const registry = withRpcTypes(readImage(image, { comments: true }));
  const contract = compileContracts(registry, settings).find((each) => each.name === name);
  const packageName = settings.contracts[name]?.package;
  if (contract === undefined || packageName === undefined) throw new Error(`there is no contract "${name}"`);
  const { operations, settings: own } = contract;
  const rules = createRules(registry);
  const components = createComponents();
  const { names, types, unknownFields } = own;
  const schemas = createMessageSchemas({
    names,
    types,
    unknownFields,
    packageName,
    rules,
    components,
    answered: messagesWithin(
      operations.map(({ binding }) => (binding.responseBody ?? { message: binding.rpc.output }).message),
    ),
  });
  const errors = createErrorResponses(own, components);
  const paths = pathItems(operations, { settings: own, rules, schemas, errors });
  const responses = errors.all();
  return {
    openapi: '3.1.1',
    info: { ...info, description: describe(contract) },
    servers: [{ url: settings.prefix + name }],
    tags: servicesOf(contract).map((service) => ({ name: service.name, description: commentOf(service) })),
    paths,
    components: { schemas: components.all(), responses, securitySchemes: { key: keyScheme(own.challenge) } },
  };
}

function servicesOf({ operations }: Contract) {
  return [...new Set(operations.map(({ binding }) => binding.rpc.parent))];
}

const OPTIONAL_VERSION = 'The leading `/v1` may be left out of every path.';

function describe(contract: Contract): string {
  const files = new Set(servicesOf(contract).map(({ file }) => file));
  const version = contract.settings.optionalVersion ? [OPTIONAL_VERSION] : [];
  return paragraphs(...[...files].map(packageComment), ...version, ELSEWHERE);
}

function keyScheme(challenge = 'Bearer') {
  return { type: 'http', scheme: challenge.split(' ', 1)[0]!.toLowerCase() };
}
