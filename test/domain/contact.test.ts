import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contactFault } from '../../src/domain/contact.js';
import { processorTime } from '../support/processor-time.js';

const contact = suite('contact');

const fits = (key: 'email' | 'phone', value: string) => contactFault({ key, value }, 'value') === undefined;

contact('an e-mail contact is one address of up to 254 characters', () => {
  const longest = `${'l'.repeat(242)}@example.com`;
  for (const value of ['a@b', 'client@email.com', "o'neil+tag@sub.example.co", longest])
    assert.ok(fits('email', value), value);
  for (const value of [
    '',
    'a',
    '@b.co',
    'a@',
    'a b@c.co',
    'a@b.co, c@d.co',
    'a@-b.co',
    'a@b..co',
    `l${longest}`,
  ])
    assert.not.ok(fits('email', value), value);
});

contact('a phone contact is + and 7 to 15 digits', () => {
  for (const value of ['+9876543210', '+1234567', '+123456789012345']) assert.ok(fits('phone', value), value);
  for (const value of [
    '',
    '9876543210',
    '+123456',
    '+1234567890123456',
    '+1 234 567 89',
    '+12-34567',
    '+١٢٣٤٥٦٧',
  ])
    assert.not.ok(fits('phone', value), value);
});

contact('an address that is no address is told from one in linear time', () => {
  const spent = processorTime();
  fits('email', `${'a'.repeat(250)}@${'a.'.repeat(120)}`);
  fits('email', `${'-'.repeat(254)}`);
  assert.ok(spent() < 50);
});

contact.run();
