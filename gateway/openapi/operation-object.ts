import type { DescMethod } from '@bufbuild/protobuf';
import type { ContractSettings } from '../contract-settings.js';
import { contractPath } from '../names.js';
import type { Operation } from '../operation.js';
import { answersOf } from './answers.js';
import { commentOf } from './comments.js';
import type { ErrorResponses } from './error-responses.js';
import { headerParameters, versionedAnswers } from './headers.js';
import type { MessageSchemas } from './message-schemas.js';
import { pathParameters, queryParameters } from './parameters.js';
import { createPathTemplates } from './path-template.js';
import { requestBody } from './request-body.js';
import type { Rules } from './rules.js';

/** What the operations of a contract are described with. */
export interface OperationContext {
  readonly settings: ContractSettings;
  readonly rules: Rules;
  readonly schemas: MessageSchemas;
  readonly errors: ErrorResponses;
}

// The methods that a path item of OpenAPI 3.1 can have.
const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE']);

/** The path items of a contract, in the order of its routes. */
export function pathItems(
  operations: readonly Operation[],
  context: OperationContext,
): Record<string, Record<string, unknown>> {
  const { settings, rules, schemas, errors } = context;
  const { names, types, unknownFields } = settings;
  const options = { names, types, unknownFields, schemas, rules };
  const templateOf = createPathTemplates();
  const versioned = versionedAnswers(operations);
  const idOf = createOperationIds(operations);
  const items: Record<string, Record<string, unknown>> = {};
  const seen = new Set<string>();
  for (const operation of operations) {
    const { method, template, rpc, option } = operation.binding;
    // A route without its version has the text of the one with it.
    const route = `${method} ${template.text}`;
    if (seen.has(route) || !METHODS.has(method)) continue;
    seen.add(route);
    const path = templateOf(template, (field) => contractPath(rpc.input, field, names).join('.'));
    const parameters = [
      ...pathParameters(operation, path, options),
      ...queryParameters(operation, options),
      ...headerParameters(operation, settings, schemas),
    ];
    const body = requestBody(operation, schemas);
    const item = items[path.path] ?? {};
    items[path.path] = item;
    item[method.toLowerCase()] = {
      tags: [rpc.parent.name],
      operationId: idOf(rpc),
      ...summaryOf(rpc),
      ...(rpc.deprecated && { deprecated: true }),
      ...(parameters.length > 0 && { parameters }),
      ...(body !== undefined && { requestBody: body }),
      responses: answersOf(operation, { settings, schemas, errors, versioned }),
      security: option.scope === 'public' ? [] : [{ key: option.scope === undefined ? [] : [option.scope] }],
    };
  }
  return items;
}

/** The first sentence of the method's comment, and all of it where there is more. */
function summaryOf(rpc: DescMethod): { summary?: string; description?: string } {
  const comment = commentOf(rpc);
  const summary = /^.*?\.(?=\s|$)/s.exec(comment)?.[0] ?? comment;
  return {
    ...(summary !== '' && { summary: summary.replace(/\.$/, '') }),
    ...(comment !== summary && { description: comment }),
  };
}

/** Names by method, with that of the service where two have one, and a number for further routes. */
function createOperationIds(operations: readonly Operation[]): (rpc: DescMethod) => string {
  const methods = [...new Set(operations.map(({ binding }) => binding.rpc))];
  const used = new Map<DescMethod, number>();
  return (rpc) => {
    const isShared = methods.some((other) => other !== rpc && other.name === rpc.name);
    const count = (used.get(rpc) ?? 0) + 1;
    used.set(rpc, count);
    const name = isShared ? `${rpc.parent.name}${rpc.name}` : rpc.name;
    return `${name[0]!.toLowerCase()}${name.slice(1)}${count > 1 ? count : ''}`;
  };
}
