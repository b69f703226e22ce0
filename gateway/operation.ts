import { type DescField, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { compilePathParameter } from './binding/path.js';
import { compileQuery } from './binding/query.js';
import type { ContractSettings } from './contract-settings.js';
import { Code } from './errors/codes.js';
import { GatewayError, type LocatedViolation, type Place } from './errors/failure.js';
import { type Codecs, InvalidInput } from './json/codec.js';
import { encodeMask, keysMask, patchMask } from './json/mask.js';
import type { JsonNode } from './json/parse.js';
import type { Binding } from './route/bindings.js';
import { compileRefusal } from './unknown-parameters.js';
import { hasField, withoutFields } from './wire-field.js';

/** What a request brings, besides its headers. */
export interface RequestParts {
  /** The JSON of the body, undefined where it is empty. */
  readonly body: JsonNode | undefined;
  /** The query string as sent, without its question mark. */
  readonly query: string;
  /** The values of the template's variables, in their order. */
  readonly parameters: readonly string[];
  /** The id of the last event that the client has seen, where it resumes a stream. */
  readonly lastEventId?: string | undefined;
}

/** The body of an answer. */
export interface Rendered {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** A binding made ready: how to turn requests into messages and messages into answers. */
export interface Operation {
  readonly binding: Binding;
  /** The full method name, "/package.Service/Method". */
  readonly path: string;
  /** Whether the body is read at all. */
  readonly takesBody: boolean;
  /** Paths of request fields, in proto names, that the query does not set. */
  readonly notInQuery: readonly (readonly string[])[];
  /** How the update mask is made from the body: by the method's option, or as grpc-gateway does for a PATCH. */
  readonly mask: 'KEYS' | 'VALUES' | 'PATCH' | undefined;
  /** Throws a GatewayError that lists all that is wrong. */
  encodeRequest(parts: RequestParts): Uint8Array;
  /** One message of a stream of requests. Throws a GatewayError. */
  encodeItem(node: JsonNode): Uint8Array;
  render(message: Uint8Array): Rendered;
  /** The id that the answer carries as a server-sent event. */
  eventId(message: Uint8Array): string | undefined;
}

/** Makes a binding ready. Throws an Error where its fields cannot be bound. */
export function compileOperation(
  binding: Binding,
  codecs: Codecs,
  settings: ContractSettings,
  registry: FileRegistry,
): Operation {
  const { rpc, body, template, option } = binding;
  const message = codecs.message(rpc.input);
  const bodyCodec = body === '*' ? message : body === undefined ? undefined : codecs.field(body);
  const query = compileQuery(rpc.input, {
    names: settings.names,
    types: settings.types,
    unknownFields: settings.unknownFields,
    emptyIsAbsent: settings.emptyQuery === 'absent',
    registry,
  });
  const refusal = compileRefusal(rpc.input, settings);
  const parameters = template.variables.map(({ field }) => compilePathParameter(rpc.input, field));
  const mask = compileMask(binding, settings);
  const notInQuery = [
    ...template.variables.map(({ field }) => field.split('.')),
    ...(body === undefined || body === '*' ? [] : [[body.name]]),
    ...(option.maskFromBody === undefined || mask === undefined ? [] : [[mask.field.name]]),
  ];
  const replaced = replacedFields(binding);
  const resume =
    option.resumeField === ''
      ? undefined
      : requireField(rpc.input.fields, option.resumeField, 'resume_field');
  const event =
    option.eventIdField === ''
      ? undefined
      : requireField(rpc.output.fields, option.eventIdField, 'event_id_field');
  const eventCodec = event === undefined ? undefined : codecs.field(event);

  return {
    binding,
    path: `/${rpc.parent.typeName}/${rpc.name}`,
    takesBody: body !== undefined,
    notInQuery,
    mask: mask && (option.maskFromBody ?? 'PATCH'),
    encodeRequest(parts) {
      const breaches = createBreaches();
      const written: Uint8Array[] = [];
      if (bodyCodec !== undefined) {
        const bytes = breaches.collect('body', () => bodyCodec.decode(parts.body));
        written.push(withoutFields(bytes, replaced));
      }
      let queried: Uint8Array | undefined;
      if (body !== '*' && parts.query !== '') {
        queried = breaches.collect('query', () => query(parts.query, notInQuery));
        for (const name of refusal(parts.query)) breaches.add('query', name, unknownParameter);
      }
      if (mask !== undefined && !breaches.any()) {
        // As in Go, the body is looked through even where the query's own mask is then the one that counts.
        const bytes = breaches.collect('body', () => encodeMask(mask.field, mask.paths(parts.body)));
        if (queried === undefined || !hasField(queried, mask.field.number)) written.push(bytes);
      }
      if (queried !== undefined) written.push(queried);
      if (resume !== undefined && parts.lastEventId !== undefined) {
        const name = settings.names === 'json' ? resume.jsonName : resume.name;
        const raw = `${name}=${encodeURIComponent(parts.lastEventId)}`;
        written.push(breaches.collect('header', () => query(raw, [])));
      }
      parameters.forEach((parameter, index) => {
        written.push(breaches.collect('path', () => parameter(parts.parameters[index] as string)));
      });
      breaches.refuse();
      return written.length === 1 ? (written[0] as Uint8Array) : Buffer.concat(written);
    },
    encodeItem(node) {
      const breaches = createBreaches();
      const bytes = breaches.collect('body', () => message.decode(node));
      breaches.refuse();
      return bytes;
    },
    render: compileRender(binding, codecs),
    eventId(bytes) {
      if (eventCodec === undefined) return undefined;
      const value: unknown = JSON.parse(eventCodec.encode(bytes));
      return typeof value === 'string' ? value.replace(/[\r\n\0]/g, '') : String(value);
    },
  };
}

function compileRender({ rpc, responseBody }: Binding, codecs: Codecs): (message: Uint8Array) => Rendered {
  const type = responseBody === undefined ? rpc.output : responseBody.message;
  if (type?.typeName === 'google.api.HttpBody' && responseBody?.fieldKind !== 'list') {
    return (bytes) => {
      const message = fromBinary(rpc.output, bytes) as unknown as Record<string, unknown>;
      const raw = (responseBody === undefined ? message : message[responseBody.localName]) as
        | { contentType: string; data: Uint8Array }
        | undefined;
      return { contentType: raw?.contentType ?? '', body: raw?.data ?? new Uint8Array() };
    };
  }
  const codec = responseBody === undefined ? codecs.message(rpc.output) : codecs.field(responseBody);
  return (bytes) => ({ contentType: 'application/json', body: codec.encode(bytes) });
}

// A list or message that the path gives would be added to what the body has of it; other fields replace theirs.
function replacedFields({ rpc, body, template }: Binding): ReadonlySet<number> {
  const names = new Set(body === '*' ? template.variables.map(({ field }) => field) : []);
  const fields = rpc.input.fields.filter((field) => names.has(field.name));
  return new Set(fields.filter((field) => field.fieldKind !== 'scalar').map((field) => field.number));
}

interface Mask {
  readonly field: DescField;
  paths(node: JsonNode | undefined): string[];
}

// Without the option, the rule is grpc-gateway's: PATCH, one field as the body, one FieldMask in the request.
function compileMask({ rpc, body, option, method }: Binding, settings: ContractSettings): Mask | undefined {
  const masks = rpc.input.fields.filter(
    (field) => field.fieldKind === 'message' && field.message.typeName === 'google.protobuf.FieldMask',
  );
  const [field] = masks;
  const type =
    body === undefined || body === '*' ? undefined : body.fieldKind === 'message' ? body.message : undefined;
  const single = type !== undefined && masks.length === 1 && field !== undefined;
  const mode = option.maskFromBody;
  if (mode !== undefined && !single) {
    throw new Error(
      'mask_from_body needs a message field as the body and exactly one FieldMask in the request',
    );
  }
  if (!single) return undefined;
  if (mode !== undefined) return { field, paths: (node) => keysMask(type, node, mode, settings) };
  return method === 'PATCH' ? { field, paths: (node) => patchMask(type, node, settings) } : undefined;
}

function requireField(fields: readonly DescField[], name: string, option: string): DescField {
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${option} names "${name}", which the message does not have`);
  return field;
}

const unknownParameter = { rule: 'unknown', description: 'is not a known parameter' };

interface Breaches {
  collect(place: Place, decode: () => Uint8Array): Uint8Array;
  /** Tells of a name that is no field's. */
  add(place: Place, name: string, fault: { rule: string; description: string }): void;
  any(): boolean;
  refuse(): void;
}

function createBreaches(): Breaches {
  const violations: LocatedViolation[] = [];
  const messages: string[] = [];
  return {
    collect(place, decode) {
      try {
        return decode();
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        messages.push(error.message);
        for (const { field, description, rule } of error.violations) {
          violations.push({ place, field, description, rule });
        }
        return new Uint8Array();
      }
    },
    add(place, name, fault) {
      violations.push({ place, field: `["${name.replace(/["\\]/g, '\\$&')}"]`, ...fault });
      messages.push(`${name}: ${fault.description}`);
    },
    any: () => messages.length > 0,
    refuse() {
      if (messages.length === 0) return;
      throw new GatewayError({
        code: Code.INVALID_ARGUMENT,
        message: messages.join('; '),
        reason: 'INVALID_INPUT',
        violations,
      });
    },
  };
}
