import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { totpFault, totpStep } from '../../src/services/credential/totp.js';

const test = suite('totp');

/** "12345678901234567890" and its longer forms, as in RFC 6238, appendix B. */
const SHA1 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SHA256 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA';
const url = (secret: string, more = '') =>
  `otpauth://totp/Acme:ada?secret=${secret}&issuer=Acme&digits=8${more}`;

for (const [seconds, code, secret, more] of [
  [59, '94287082', SHA1, ''],
  [1111111109, '07081804', SHA1, ''],
  [20000000000, '65353130', SHA1, ''],
  [59, '46119246', SHA256, '&algorithm=SHA256'],
] as const) {
  test(`the code of RFC 6238 at ${seconds} s is that of its step (${more || 'SHA1'})`, () => {
    assert.is(totpFault(url(secret, more)), undefined);
    assert.is(totpStep(url(secret, more), code, seconds * 1000), Math.floor(seconds / 30));
  });
}

test('a code of the step before or after is taken as that step, none further off', () => {
  const at = (seconds: number) => totpStep(url(SHA1), '94287082', seconds * 1000);
  assert.equal([at(0), at(29), at(30), at(89), at(90)], [1, 1, 1, 1, undefined]);
});

test('a wrong code is none', () => {
  for (const code of ['94287083', '9428708', '', 'abcdefgh', '94287082 '])
    assert.is(totpStep(url(SHA1), code, 59_000), undefined);
});

for (const bad of [
  '',
  'https://example.com/',
  'otpauth://hotp/Acme:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0',
  'otpauth://totp/Acme:ada',
  'otpauth://totp/Acme:ada?secret=GEZDGNBV',
  'otpauth://totp/Acme:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=5',
  'otpauth://totp/Acme:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&period=1',
  `otpauth://totp/Acme:ada?secret=${'GEZDGNBV'.repeat(300)}`,
]) {
  test(`${bad.slice(0, 70) || 'an empty text'} is refused, without being repeated`, () => {
    const fault = totpFault(bad);
    assert.type(fault, 'string');
    assert.not.ok(fault!.includes('GEZD'));
  });
}

test.run();
