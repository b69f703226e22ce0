import type { Declared, PeerRequest } from './peer-request.js';
import type { Sample } from './sample.js';

/** What stands in place of the last variable of a path, and how ours then differs. */
const VALUES: readonly [value: string, differs?: Declared['reason']][] = [
  ['unknown'],
  ['0'],
  ['a%20b'],
  ['%C3%BC%E2%82%AC'],
  ['a+b'],
  ['a%2Bb'],
  ['a%3Ab'],
  ['%00'],
  ['.'],
  ['..'],
  ['%2e%2e'],
  ['a;b=c'],
  ['$ne'],
  ['x'.repeat(8000)],
  ['a%2Fb', 'paths'],
  ['%252F'],
  ['%zz', 'malformed path'],
  ['%ff', 'malformed path'],
  ['a%', 'malformed path'],
];

/** The request with other values in its path, and with slashes too many. */
export function spoiledPaths({
  request,
  binding,
  contract,
  example,
  freshPath,
  cheapPath,
}: Sample): PeerRequest[] {
  const query = request.path.split('?')[1];
  const path = cheapPath();
  const whole = (changed: string) => (query === undefined ? changed : `${changed}?${query}`);
  const slashed: PeerRequest[] = [
    {
      ...request,
      title: `${request.title}: a slash at the end`,
      path: whole(`${freshPath()}/`),
      differs: { reason: 'paths', status: example.status ?? binding.option.successStatus },
    },
    { ...request, title: `${request.title}: two slashes`, path: whole(path.replace('/v1/', '/v1//')) },
    { ...request, title: `${request.title}: upper case`, path: whole(path.replace('/v1/', '/V1/')) },
    {
      ...request,
      title: `${request.title}: an escaped literal`,
      path: whole(path.replace('/v1/', '/%76%31/')),
    },
  ];
  if (binding.template.variables.length === 0) return slashed;
  const last = path.lastIndexOf('{{');
  const replaced = (value: string) => path.slice(0, last) + value + path.slice(path.indexOf('}}', last) + 2);
  const valued = VALUES.map(([value, reason]): PeerRequest => {
    const title = `${request.title}: the path has ${value.length > 20 ? `${value.length} characters` : value}`;
    const status = reason === 'malformed path' ? 400 : [404, contract.settings.invalidStatus];
    return {
      ...request,
      title,
      path: whole(replaced(value)),
      ...(reason && { differs: { reason, status } }),
    };
  });
  return [...slashed, ...valued];
}
