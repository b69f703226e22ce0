// In a process of its own: its stalls are its own.
import { hash } from '@node-rs/argon2';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHashing, hashFault, isOutdated } from '../../../src/services/credential/hashing/hashing.js';
import { watchStalls } from '../../support/watch-stalls.js';

const test = suite('password hashes');
const hashing = createHashing();
const b64 = (hex: string, encoding: BufferEncoding = 'hex') => Buffer.from(hex, encoding).toString('base64');
const bare = (text: string) => text.replace(/=+$/, '');

const RFC_7914 =
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
const SALT = b64('SodiumChloride', 'latin1');

/** Each from a specification or another implementation. */
const KNOWN: readonly (readonly [what: string, hash: string, password: string])[] = [
  [
    'argon2id of the reference implementation',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    'password',
  ],
  [
    'argon2i of the reference implementation',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    'password',
  ],
  ['bcrypt of crypt_blowfish', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['bcrypt as $2y$', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  [
    'pbkdf2 of RFC 6070',
    `$pbkdf2-sha1$i=4096,l=20$${b64('salt', 'latin1')}$${b64('4b007901b765489abead49d926f721d065a429c1')}`,
    'password',
  ],
  [
    'pbkdf2 without a length, unpadded',
    `$pbkdf2-sha1$i=4096$${bare(b64('salt', 'latin1'))}$${bare(b64('4b007901b765489abead49d926f721d065a429c1'))}`,
    'password',
  ],
  [
    'scrypt of RFC 7914, ln as the logarithm',
    `$scrypt$ln=14,r=8,p=1$${bare(SALT)}$${bare(b64(RFC_7914))}`,
    'pleaseletmein',
  ],
  [
    'scrypt of RFC 7914, ln as N itself',
    `$scrypt$ln=16384,r=8,p=1$${SALT}$${b64(RFC_7914)}`,
    'pleaseletmein',
  ],
];

for (const [what, known, password] of KNOWN) {
  test(`${what} is verified, and outdated`, async () => {
    assert.is(hashFault(known), undefined);
    assert.is(await hashing.verify('t', known, password), true);
    assert.is(await hashing.verify('t', known, `${password}!`), false);
    assert.is(isOutdated(known), true);
  });
}

test('argon2d is verified', async () => {
  const known = await hash('password', { algorithm: 0 as never });
  assert.match(known, /^\$argon2d\$/);
  assert.is(hashFault(known), undefined);
  assert.equal(
    [await hashing.verify('t', known, 'password'), await hashing.verify('t', known, 'other')],
    [true, false],
  );
});

test('a new password gets argon2id, salted, of at least what OWASP asks for', async () => {
  const [one, other] = [await hashing.hash('t', 'password'), await hashing.hash('t', 'password')];
  assert.match(one, /^\$argon2id\$v=19\$m=7168,t=5,p=1\$/);
  assert.is.not(one, other);
  assert.is(hashFault(one), undefined);
  assert.is(isOutdated(one), false);
  assert.is(await hashing.verify('t', one, 'password'), true);
  const long = 'ü'.repeat(512);
  const beyondBcrypt = await hashing.hash('t', long);
  assert.is(await hashing.verify('t', beyondBcrypt, `${long.slice(0, -1)}u`), false);
});

test('no hash matches no password', async () => {
  assert.is(await hashing.verify('t', undefined, 'of nobody'), false);
});

/** Each would eat memory or the processor, or is no hash. */
const HOSTILE = [
  '',
  'password',
  '$md5$abc',
  `$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(2000)}`,
  '$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=65536,t=100000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=65536,t=1,p=255$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=65536,t=2,p=1,m=8$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2a$00$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2a$05$short',
  `$pbkdf2-sha1$i=999999999,l=20$c2FsdA$${b64('4b007901b765489abead49d926f721d065a429c1')}`,
  `$pbkdf2-sha1$i=4096,l=999999$c2FsdA$${b64('4b007901b765489abead49d926f721d065a429c1')}`,
  '$pbkdf2-md5$i=4096,l=16$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA',
  '$pbkdf2-sha1$i=4096,l=1$c2FsdA$AA',
  `$scrypt$ln=30,r=8,p=1$${SALT}$${b64(RFC_7914)}`,
  `$scrypt$ln=16384,r=999999,p=1$${SALT}$${b64(RFC_7914)}`,
  `$scrypt$ln=14,r=8,p=9999$${SALT}$${b64(RFC_7914)}`,
  `$scrypt$ln=1000,r=8,p=1$${SALT}$${b64(RFC_7914)}`,
  `$scrypt$ln=14,r=0,p=1$${SALT}$${b64(RFC_7914)}`,
];

for (const hostile of HOSTILE) {
  test(`${hostile.slice(0, 60) || 'an empty text'} is refused, without being repeated`, () => {
    const fault = hashFault(hostile);
    assert.type(fault, 'string');
    if (hostile.length > 10) assert.not.ok(fault!.includes(hostile));
  });
}

test('bcrypt does not hold up the event loop', async () => {
  const slow = '$2b$11$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
  const stalled = watchStalls();
  await hashing.verify('t', slow, 'wrong');
  const longest = stalled();
  assert.ok(longest < 150, `${longest} ms`);
});

test.run();
