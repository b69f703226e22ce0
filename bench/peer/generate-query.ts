import { type DescField, ScalarType } from '@bufbuild/protobuf';
import type { PeerRequest } from './peer-request.js';
import type { Sample } from './sample.js';

/** Values that are good or bad for a kind of field, as they stand in a query. */
const VALUES = {
  string: ['x', 'a%20b', 'a+b', '%E2%82%AC', '%ff', '%zz', '%00', '"x"'],
  number: [
    '1',
    '0',
    '-1',
    '+1',
    '1.0',
    '1e2',
    '0x10',
    '010',
    '1_0',
    '9999999999',
    '99999999999999999999',
    'x',
    '%201',
  ],
  bool: ['true', 'T', '1', '0', 'yes', 'x'],
  enum: ['1', '2', '99', 'NOPE'],
  message: ['{}', 'x', 'a,b', '2020-01-01T00:00:00Z'],
};

/** The request with a query of its own for each field that one can set, and with queries that are malformed. */
export function spoiledQueries(sample: Sample): PeerRequest[] {
  const { request, binding, contract } = sample;
  const inPath = binding.template.variables.map(({ field }) => field.split('.')[0]);
  const unused = binding.rpc.input.fields.every(
    (field) => field === binding.body || inPath.includes(field.name),
  );
  const base = request.path.split('?')[1] ?? '';
  const nameOf = ({ name, jsonName }: DescField) => (contract.settings.names === 'proto' ? name : jsonName);
  const otherOf = ({ name, jsonName }: DescField) => (contract.settings.names === 'proto' ? jsonName : name);
  const ask = (query: string, field?: DescField): PeerRequest => ({
    ...request,
    title: `${request.title}: ?${query}`,
    path: `${sample.cheapPath()}?${query}`,
    ...deliberate(query, field),
  });
  const more = (query: string) => ask(base === '' ? query : `${base}&${query}`);
  const odd = ['nope=1', 'nope.x=1', '=1', '&&', 'nope', ';', 'a;b', '%zz=1', 'nope=%zz', '%ff=1'].map(
    (query) => more(query),
  );
  if (binding.body === '*') return [...odd, more(`${nameOf(binding.rpc.input.fields[0]!)}=x`)];
  return [...odd, ...binding.rpc.input.fields.flatMap(ofField)];

  function deliberate(query: string, field?: DescField): Pick<PeerRequest, 'differs'> | undefined {
    if (binding.body === '*') return undefined;
    const { invalidStatus, emptyQuery, types } = contract.settings;
    const { maskFromBody, successStatus } = binding.option;
    const empty = /(?:=|^[^=]+)$/.test(query);
    const mask = field?.message?.typeName === 'google.protobuf.FieldMask';
    if (unused && /;|%[zf]/.test(query))
      return { differs: { reason: 'unused query', status: invalidStatus } };
    if (query.includes('%ff')) return { differs: { reason: 'invalid UTF-8', status: invalidStatus } };
    if (mask && maskFromBody) return { differs: { reason: 'mask from body', status: successStatus } };
    if (field && empty && emptyQuery === 'absent')
      return { differs: { reason: 'empty query', status: successStatus } };
    if (types === 'strict' && field?.scalar === ScalarType.BOOL && query.endsWith('=T'))
      return { differs: { reason: 'strict types', status: invalidStatus } };
    if (
      field &&
      types === 'strict' &&
      query.startsWith(`${otherOf(field)}=`) &&
      field.name !== field.jsonName
    )
      return { differs: { reason: 'strict types', status: [successStatus, invalidStatus] } };
    return undefined;
  }

  function ignored(field: DescField): Pick<PeerRequest, 'differs'> | undefined {
    const scalar = field.message === undefined && field.name !== field.jsonName;
    return scalar
      ? { differs: { reason: 'path before query', status: binding.option.successStatus } }
      : undefined;
  }

  function ofField(field: DescField): PeerRequest[] {
    const [name, first] = [nameOf(field), VALUES[kindOf(field)][0]!];
    const set = field === binding.body || inPath.includes(field.name);
    if (set) {
      const below: PeerRequest = { ...more(`${name}.id=${first}`), ...ignored(field) };
      return [more(`${name}=${first}`), below];
    }
    const queries = [...VALUES[kindOf(field)], ''].map((value) => `${name}=${value}`);
    queries.push(`${name}=${first}&${name}=${first}`, `${name}[]=${first}`, `${name}.x=${first}`);
    queries.push(`${name}[a]=${first}`, name);
    if (otherOf(field) !== name) queries.push(`${otherOf(field)}=${first}`);
    return queries.map((query) => ask(query, field));
  }
}

function kindOf(field: DescField): keyof typeof VALUES {
  if (field.message !== undefined) return 'message';
  if (field.enum !== undefined) return 'enum';
  if (field.scalar === ScalarType.BOOL) return 'bool';
  return field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES ? 'string' : 'number';
}
