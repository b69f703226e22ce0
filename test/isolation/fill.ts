import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { type ReflectList, type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { FacetError, type Violation } from '../../src/domain/errors.js';
import { createRequestChecks } from '../../src/rpc/request-check.js';
import { choices, image, type Operation } from './operations.js';

/** Texts by the names of the fields that they go into. */
export type Texts = Readonly<Record<string, string>>;

/** What fields of these names are filled with where something is asked of them. Extend it for new formats. */
const SEEDS: Texts = {
  code: '123456',
  country: 'GB',
  country_code: 'GB',
  identity_type: 'other',
  password: 'correct horse',
  type: 'password',
  username: 'ok@example.com',
};

/** What a broken rule is answered with where the field's name says nothing. */
const BY_RULE: Texts = {
  'string.email': 'seed@example.com',
  'string.uuid': '01890a5d-ac96-774b-bcce-b302099a8057',
  'string.hostname': 'seed.example.com',
  'string.uri': 'https://example.com/seed',
  'string.country_code': 'GB',
  'string.country_number': '826',
  'string.json_pointer': '/seed',
  'string.local_part': 'seed',
};

/** What messages of these types begin with: rules that the protos leave to the services hold for them. */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  'facet.v1.PasswordImport': { password: 'correct horse' },
  'facet.v1.ProviderAccount': { provider: 'seed', subject: 'seed' },
  'facet.v1.TotpImport': { totp_url: 'otpauth://totp/seed?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
  'facet.v1.LookupSecret': { code: 'seed' },
  'facet.v1.WebauthnImport': { user_handle: 'seed' },
  'facet.v1.Contact': { key: 1, value: 'seed@example.com' },
  'facet.profiles.v1.NewContact': { key: 'email', value: 'seed@example.com' },
};

const ROUNDS = 8;
const checks = createRequestChecks(image);

/**
 * A request that the rules of the protos let through, made from them: ids first, then whatever a rule asks for.
 *
 * @param ids by field name, for the fields that say which thing is meant
 * @param chosen members of oneofs that are to be set; the first of each where none are named
 */
export function fillRequest(
  { method, ids: paths }: Operation,
  ids: Texts,
  chosen: readonly string[] = choices(method.input)[0]!,
): Message {
  const message = reflect(method.input, create(method.input));
  for (const path of paths) setAt(message, path, ids[path.split('.').at(-1)!] ?? SEEDS[path] ?? 'unknown');
  for (const field of method.input.fields) {
    const id = ids[field.name];
    if (id !== undefined && (field.oneof === undefined || chosen.includes(field.name)))
      set(message, field, id);
  }
  for (const name of chosen) {
    const field = method.input.fields.find((each) => each.name === name)!;
    if (!message.isSet(field)) set(message, field, SEEDS[name] ?? 'seed');
  }
  const check = checks(method);
  for (let round = 0; ; round++) {
    const broken = violations(() => check(toBinary(method.input, message.message)));
    if (broken.length === 0) return message.message;
    if (round === ROUNDS)
      throw new Error(`${method}: no seed for ${JSON.stringify(broken)}; extend the table`);
    for (const { field, rule } of broken) repair(message, field, rule, ids);
  }
}

function violations(run: () => unknown): readonly Violation[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof FacetError && error.reason === 'INVALID_INPUT') return error.violations;
    throw error;
  }
}

/** Gives the field at the path what the rule seems to want. */
function repair(message: ReflectMessage, path: string, rule: string, ids: Texts): void {
  const name = path.split('.').at(-1)!.replace(/\[.*$/, '');
  // A prefix and a UUID: an id in a contract's own spelling.
  const prefix = rule === 'string.prefixed_uuid' ? prefixAt(message.desc, path) : undefined;
  const uuid = BY_RULE['string.uuid']!;
  const text =
    prefix !== undefined
      ? `${prefix}-${ids[name] ?? uuid}`
      : (ids[name] ?? SEEDS[name] ?? BY_RULE[rule] ?? 'seed');
  setAt(message, path, text);
}

function prefixAt(message: DescMessage, path: string): string | undefined {
  const names = path.split('.');
  let field: DescField | undefined;
  for (
    let desc: DescMessage | undefined = message;
    desc !== undefined && names.length > 0;
    desc = field?.message
  ) {
    field = desc.fields.find(({ name }) => name === names[0]);
    names.shift();
  }
  const rules = field?.proto.options?.$unknown ?? [];
  // The rule's argument is the only lower-case word with a length before it at the end of the option.
  return rules.map(({ data }) => /([a-z]+)$/.exec(Buffer.from(data).toString('latin1'))?.[1]).find(Boolean);
}

function setAt(message: ReflectMessage, path: string, text: string): void {
  const [head, ...rest] = path.split('.');
  const field = message.desc.fields.find(({ name }) => name === head!.replace(/\[.*$/, ''));
  if (field === undefined) throw new Error(`${message.desc.typeName} has no field ${head}`);
  if (rest.length === 0 || field.fieldKind !== 'message') {
    set(message, field, text);
    return;
  }
  if (!message.isSet(field)) message.set(field, begun(field.message));
  setAt(message.get(field) as ReflectMessage, rest.join('.'), text);
}

function set(message: ReflectMessage, field: DescField, text: string): void {
  switch (field.fieldKind) {
    case 'message':
      message.set(field, begun(field.message));
      return;
    case 'enum':
      message.set(field, field.enum.values.at(-1)!.number);
      return;
    case 'list': {
      const list = message.get(field) as ReflectList;
      if (field.listKind === 'message') list.add(begun(field.message));
      else list.add(field.listKind === 'enum' ? 1 : scalar(field.scalar, text));
      return;
    }
    case 'scalar':
      message.set(field, scalar(field.scalar, text));
      return;
    default:
      return;
  }
}

function begun(desc: DescMessage): ReflectMessage {
  const message = reflect(desc, create(desc));
  for (const [name, value] of Object.entries(MESSAGES[desc.typeName] ?? {}))
    message.set(desc.fields.find((field) => field.name === name)!, value);
  return message;
}

function scalar(type: ScalarType, text: string): unknown {
  switch (type) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return true;
    case ScalarType.BYTES:
      return new TextEncoder().encode(text);
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return 1n;
    default:
      return 30;
  }
}
