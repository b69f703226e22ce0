import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fullName, nameParts, shownName, writtenParts } from '../../src/domain/names.js';

const names = suite('names');

const record = (parts: { given?: string; middle?: string; family?: string; display?: string }) => ({
  givenName: parts.given ?? null,
  middleName: parts.middle ?? null,
  familyName: parts.family ?? null,
  displayName: parts.display ?? null,
});

names('the full name is the parts that are set, joined by one space', () => {
  assert.is(fullName(record({ given: 'Mary', middle: 'Jane', family: 'Smith' })), 'Mary Jane Smith');
  assert.is(fullName(record({ given: 'Mary', family: 'Smith' })), 'Mary Smith');
  assert.is(fullName(record({ given: '', family: 'Smith' })), 'Smith');
});

names('the full name falls back to the display name, and then to nothing', () => {
  assert.is(fullName(record({ display: 'Acme Bot' })), 'Acme Bot');
  assert.is(fullName(record({})), '');
});

names('the shown name is the display name before the parts', () => {
  assert.is(shownName(record({ given: 'Ada', family: 'Byron', display: 'Countess' })), 'Countess');
  assert.is(shownName(record({ given: 'Ada', family: 'Byron' })), 'Ada Byron');
});

names('parts fall back to the display name split at its last space', () => {
  assert.equal(nameParts(record({ display: 'Ada King Byron' })), { given: 'Ada King', family: 'Byron' });
  assert.equal(nameParts(record({ display: 'Ada  Byron' })), { given: 'Ada', family: 'Byron' });
  assert.equal(nameParts(record({ display: ' Plato ' })), { given: 'Plato', family: null });
  assert.equal(nameParts(record({})), { given: null, family: null });
});

names('one part that is set keeps the display name out', () => {
  assert.equal(nameParts(record({ family: 'Byron', display: 'Ada King' })), { given: null, family: 'Byron' });
});

names('a part that is written takes the derived others with it', () => {
  const ada = record({ display: 'Ada Lovelace' });
  assert.equal(writtenParts(ada, { givenName: 'Augusta' }), { givenName: 'Augusta', familyName: 'Lovelace' });
  assert.equal(writtenParts(ada, { familyName: null }), { givenName: 'Ada', familyName: null });
  assert.equal(writtenParts(ada, { middleName: 'King' }), {
    middleName: 'King',
    givenName: 'Ada',
    familyName: 'Lovelace',
  });
});

names('nothing more is written where the parts are the own ones, or none is written', () => {
  const own = record({ family: 'Byron', display: 'Ada Lovelace' });
  assert.equal(writtenParts(own, { givenName: 'Augusta' }), { givenName: 'Augusta' });
  assert.equal(writtenParts(record({ display: 'Ada Lovelace' }), { displayName: 'Ada' }), {
    displayName: 'Ada',
  });
});

names.run();
