import { STATUS_CODES } from 'node:http';
import type { ContractSettings } from '../contract-settings.js';
import type { Template } from '../errors/body-template.js';
import type { JsonSchema } from './schema.js';

type Errors = NonNullable<ContractSettings['errors']>;

/** google.rpc.Status, the shape of errors where the settings give none. */
export const statusSchema: JsonSchema = {
  description: 'An error, as google.rpc.Status.',
  type: 'object',
  properties: {
    code: { description: 'The gRPC code.', type: 'integer', minimum: 1 },
    message: { description: 'Text for developers.', type: 'string' },
    details: {
      description: 'Messages of google.rpc, each with its type.',
      type: 'array',
      items: { type: 'object', properties: { '@type': { type: 'string' } }, required: ['@type'] },
    },
  },
  required: ['code', 'message', 'details'],
  additionalProperties: false,
};

/** The schema of what a contract's template makes of errors with that HTTP status. */
export function errorSchema(errors: Errors, shape: 'body' | 'invalid', status: number): JsonSchema {
  const statusText = STATUS_CODES[status] ?? 'Error';
  const violation: Readonly<Record<string, JsonSchema>> = {
    $field: { type: 'string' },
    $path: { type: 'array', items: { type: ['string', 'integer'] } },
    $description: { type: 'string' },
    $rule: { type: 'string' },
  };
  const variables: Readonly<Record<string, JsonSchema>> = {
    $message: { type: 'string' },
    $code: { type: 'integer', minimum: 1 },
    $http_status: { const: status },
    $status_text: { const: statusText },
    $text: { const: errors.texts[status] ?? statusText },
    $reason: { type: 'string' },
    $reason_lower: { type: 'string' },
    $timestamp: { type: 'string', format: 'date-time' },
    $summary: { type: 'string' },
    $request_id: { type: 'string' },
    $violations: {
      type: 'array',
      items: templateSchema(errors.violation as Template, violation),
      ...(shape === 'invalid' && { minItems: 1 }),
    },
  };
  const template = shape === 'invalid' ? (errors.invalid ?? errors.body) : errors.body;
  return templateSchema(template as Template, variables);
}

function templateSchema(template: Template, variables: Readonly<Record<string, JsonSchema>>): JsonSchema {
  if (typeof template === 'string' && Object.hasOwn(variables, template)) return variables[template]!;
  if (Array.isArray(template)) {
    const prefixItems = template.map((item) => templateSchema(item, variables));
    return { type: 'array', prefixItems, items: false, minItems: template.length };
  }
  if (typeof template !== 'object' || template === null) return { const: template };
  const entries = Object.entries(template);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, value]) => [key, templateSchema(value, variables)])),
    // Not every request has an id.
    required: entries.filter(([, value]) => value !== '$request_id').map(([key]) => key),
    additionalProperties: false,
  };
}
