import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readContractSettings } from '../../src/image.js';
import { contractDocument } from '../../src/openapi.js';
import type { RestAnswer } from './rest.js';

/** A contract's OpenAPI document, and what answers are held against it. */
export interface ContractDocument {
  readonly contract: string;
  readonly document: AnySchemaObject;
  /** Whether the document has the path, which comes without the contract's prefix and without a query. */
  knows(path: string): boolean;
  /** What about an answer is not as documented, a sentence each. Of a stream, the body is one message. */
  faults(method: string, path: string, answer: RestAnswer): string[];
}

interface Route {
  readonly template: string;
  readonly pattern: RegExp;
  readonly literals: number;
}

/** Reads the document that the gateway's descriptors and settings make today. */
export function contractDocumentOf(contract: string): ContractDocument {
  const document: AnySchemaObject = JSON.parse(contractDocument(contract));
  const ajv = createAjv();
  const compiled = new Map<string, ValidateFunction>();
  // References in a schema are from the document's root, so each is compiled with the components in it.
  const { components } = document;
  const routes = Object.keys(document.paths)
    .map(toRoute)
    .sort((a, b) => b.literals - a.literals);
  const optionalVersion = readContractSettings().contracts[contract]?.optionalVersion === true;
  const find = (path: string): Route | undefined =>
    routes.find(({ pattern }) => pattern.test(path.replace(/(.)\/$/, '$1'))) ??
    // The document has the paths with /v1; the setting lets it be left out.
    (optionalVersion && !path.startsWith('/v1/') ? find(`/v1${path}`) : undefined);

  /** The JSON pointer of the response that is documented for an answer; undefined where there is none. */
  function documented(method: string, path: string, status: number): string | undefined {
    const route = find(path);
    if (route === undefined) return status === 404 ? '/components/responses/NotFound' : undefined;
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const operation = document.paths[route.template][verb];
    if (operation === undefined) return status === 405 ? '/components/responses/MethodNotAllowed' : undefined;
    const response = operation.responses[status];
    if (response === undefined) return undefined;
    return response.$ref?.slice(1) ?? pointer('paths', route.template, verb, 'responses', String(status));
  }

  return {
    contract,
    document,
    knows: (path) => find(path) !== undefined,
    faults(method, path, { status, headers, body }) {
      if (method === 'OPTIONS' && status === 204)
        return headers.has('allow') ? [] : ['the header Allow is missing'];
      const place = documented(method, path, status);
      if (place === undefined) return [`the status ${status} is not documented`];
      const response = at(document, place);
      const required = Object.entries<{ required?: boolean }>(response.headers ?? {}).filter(
        ([, each]) => each.required,
      );
      const missing = required
        .filter(([name]) => !headers.has(name))
        .map(([name]) => `the header ${name} is missing`);
      if (method === 'HEAD') return missing;
      return [...missing, ...contentFaults(response, place, headers.get('content-type'), body)];
    },
  };

  function contentFaults(
    response: AnySchemaObject,
    place: string,
    type: string | null,
    body: unknown,
  ): string[] {
    if (response.content === undefined)
      return body === undefined ? [] : ['there is a body where none is documented'];
    if (type === null || response.content[type] === undefined)
      return [`the content type ${type} is not documented`];
    const key = `${place} ${type}`;
    // Of server-sent events, the data is held against its own schema.
    const { schema, 'x-data-schema': dataSchema = schema } = response.content[type];
    const validate = compiled.get(key) ?? ajv.compile({ ...dataSchema, components });
    compiled.set(key, validate);
    if (validate(body)) return [];
    return validate.errors!.map(({ instancePath, message }) => `${instancePath || 'the body'} ${message}`);
  }
}

/** A validator that refuses schemas with keywords or formats that it does not know. */
export function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  formats.default(ajv);
  ajv.addFormat('uint64', true);
  ajv.addKeyword('components');
  return ajv;
}

function toRoute(template: string): Route {
  const parts = template.split(/\{[^}]+\}/);
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return {
    template,
    pattern: new RegExp(`^${parts.map(literal).join('[^/]+')}$`),
    literals: parts.join('').length,
  };
}

function pointer(...steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function at(document: AnySchemaObject, place: string): AnySchemaObject {
  const steps = place
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((value, step) => value[step], document);
}
