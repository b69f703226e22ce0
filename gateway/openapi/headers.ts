import type { DescMessage } from '@bufbuild/protobuf';
import type { ContractSettings } from '../contract-settings.js';
import type { Operation } from '../operation.js';
import type { MessageSchemas } from './message-schemas.js';
import type { Parameter } from './parameters.js';
import type { JsonSchema } from './schema.js';

/** A header of a request on which its answer depends, and the reason of the error that it can lead to. */
export interface ConditionalHeader {
  readonly name: string;
  readonly reason: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly appliesTo: (operation: Operation) => boolean;
}

// As RFC 9110 has them, section 8.8.3.
const ENTITY_TAGS = '^(\\*|(W/)?"[^"]*"([ \\t]*,[ \\t]*(W/)?"[^"]*")*)$';

const isRepeatable = ({ binding }: Operation) => binding.option.repeatable;
// By the names of AIP's standard methods.
const isCreate = ({ binding }: Operation) =>
  binding.method === 'POST' && binding.rpc.name.startsWith('Create');
// Methods of one's own (AIP-136) say by a field that they depend on a version.
const isChange = ({ binding }: Operation) =>
  ['PUT', 'PATCH', 'DELETE'].includes(binding.method) ||
  (binding.method === 'POST' && binding.rpc.input.fields.some(({ name }) => name === 'etag'));
const isList = ({ binding }: Operation) => binding.rpc.name.startsWith('List');

const conditional: readonly ConditionalHeader[] = [
  {
    name: 'Idempotency-Key',
    reason: 'IDEMPOTENCY_KEY_REUSED',
    description:
      'Makes the request repeatable: the same one, sent again under the same key, is answered as the first was.',
    schema: { type: 'string', minLength: 1 },
    appliesTo: isRepeatable,
  },
  {
    name: 'If-Match',
    reason: 'ETAG_MISMATCH',
    description:
      'Entity tags, of which the resource must still have one; `*` is any. See RFC 9110, section 13.1.1.',
    schema: { type: 'string', pattern: ENTITY_TAGS },
    appliesTo: isChange,
  },
];

/** The conditional headers that an operation heeds and the contract lets through. */
export function conditionalHeaders(operation: Operation, settings: ContractSettings): ConditionalHeader[] {
  return conditional.filter(
    ({ name, appliesTo }) => settings.requestHeaders.includes(name.toLowerCase()) && appliesTo(operation),
  );
}

/** The headers of requests that are documented. */
export function headerParameters(
  operation: Operation,
  settings: ContractSettings,
  schemas: MessageSchemas,
): Parameter[] {
  const found: Parameter[] = conditionalHeaders(operation, settings).map(({ name, description, schema }) => ({
    description,
    name,
    in: 'header',
    schema,
  }));
  const { option, rpc } = operation.binding;
  const resumed = rpc.input.fields.find(({ name }) => name === option.resumeField);
  if (resumed !== undefined) {
    const { description: _, ...schema } = schemas.field(resumed, 'text').schema;
    const description = 'The id of the last event seen, where a stream of server-sent events goes on.';
    found.push({ description, name: 'Last-Event-ID', in: 'header', schema });
  }
  return found;
}

interface AnswerHeader {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly appliesTo: (operation: Operation, versioned: ReadonlySet<DescMessage>) => boolean;
}

const text = { type: 'string' };
const ofAnswers: readonly AnswerHeader[] = [
  {
    name: 'ETag',
    description: 'The version of the resource, for If-Match.',
    schema: text,
    appliesTo: ({ binding }, versioned) =>
      binding.responseBody === undefined && versioned.has(binding.rpc.output),
  },
  { name: 'Location', description: 'Where the new resource is.', schema: text, appliesTo: isCreate },
  { name: 'Link', description: 'Other pages of the list. See RFC 8288.', schema: text, appliesTo: isList },
  {
    name: 'X-Total-Count',
    description: 'How many there are in all.',
    schema: { type: 'integer', minimum: 0 },
    appliesTo: isList,
  },
];

/** The headers that a successful answer may have, where the contract lets them through. */
export function answerHeaders(
  operation: Operation,
  versioned: ReadonlySet<DescMessage>,
  { responseHeaders }: ContractSettings,
): Record<string, JsonSchema> {
  const shown = ofAnswers.filter(
    ({ name, appliesTo }) => responseHeaders.includes(name.toLowerCase()) && appliesTo(operation, versioned),
  );
  return Object.fromEntries(shown.map(({ name, description, schema }) => [name, { description, schema }]));
}

/** The resources that have versions: what is answered to a change that can depend on one. */
export function versionedAnswers(operations: readonly Operation[]): Set<DescMessage> {
  const changes = operations.filter(({ binding }) => binding.method === 'PUT' || binding.method === 'PATCH');
  return new Set(changes.map(({ binding }) => binding.rpc.output));
}
