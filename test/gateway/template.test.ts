import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTemplate } from '../../gateway/route/template.js';

const test = suite('path templates');

/** Segments as text, variables as field[start,end), and the verb. */
function show(text: string): string {
  const { segments, variables, verb } = parseTemplate(text);
  const row = segments.map((each) =>
    each.kind === 'literal' ? each.text : each.kind === 'one' ? '*' : '**',
  );
  const names = variables.map(({ field, start, end }) => `${field}[${start},${end})`);
  return [row.join('/'), names.join(' '), verb].join(' | ');
}

const read: [template: string, shown: string][] = [
  ['/', ' |  | '],
  ['/v1/echo', 'v1/echo |  | '],
  ['/v1/identities/{id}', 'v1/identities/* | id[2,3) | '],
  ['/v1/{id=tenants/*/identities/*}', 'v1/tenants/*/identities/* | id[1,5) | '],
  ['/v1/{identity.id=tenants/*}', 'v1/tenants/* | identity.id[1,3) | '],
  ['/v1/files/{path=**}', 'v1/files/** | path[2,3) | '],
  ['/v1/files/{path=**}:meta', 'v1/files/** | path[2,3) | meta'],
  ['/v1/files/{path=**}/tail', 'v1/files/**/tail | path[2,3) | '],
  ['/v1/{a}/{b}', 'v1/*/* | a[1,2) b[2,3) | '],
  ['/v1/identities:watch', 'v1/identities |  | watch'],
  // The last colon begins the verb; after a variable the first one does.
  ['/v1/a:b:c', 'v1/a:b |  | c'],
  ['/v1/{a}:b:c', 'v1/* | a[1,2) | b:c'],
  ['/v1/a:b/c', 'v1/a:b/c |  | '],
  ['/v1/*/x', 'v1/*/x |  | '],
  ['/v1/%7Euser', 'v1/~user |  | '],
  ["/v1/a-b_c.d~e!f$g&h'i(j)k+l,m;n=o@p", "v1/a-b_c.d~e!f$g&h'i(j)k+l,m;n=o@p |  | "],
];
for (const [template, shown] of read) test(`reads ${template}`, () => assert.is(show(template), shown));

const refused: [template: string, why: RegExp][] = [
  ['', /does not begin with \//],
  ['v1/x', /does not begin with \//],
  ['/v1//x', /empty segment/],
  ['/v1/x/', /empty segment/],
  ['/v1/{id', /braces/],
  ['/v1/id}', /braces/],
  ['/v1/{a={b}}', /braces/],
  ['/v1/x{id}', /"x\{id\}" is malformed/],
  ['/v1/{id}x', /mixes a variable/],
  ['/v1/{}', /no field path/],
  ['/v1/{1a}', /no field path/],
  ['/v1/{a..b}', /no field path/],
  ['/v1/{a=}', /empty segment/],
  ['/v1/{a=b//c}', /empty segment/],
  ['/v1/{a}/{a}', /binds a twice/],
  ['/v1/{a=**}/{b=**}', /\*\* twice/],
  ['/v1/x:', /verb/],
  ['/v1/a b', /malformed/],
  ['/v1/a?b', /malformed/],
  ['/v1/%zz', /malformed/],
];
for (const [template, why] of refused) {
  test(`refuses ${template || 'nothing'}`, () => assert.throws(() => parseTemplate(template), why));
}

test.run();
