import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FacetError } from '../../src/domain/errors.js';
import { assertEtag, parseIfMatch } from '../../src/domain/etag.js';

const etag = suite('etag');
const stale = (error: FacetError) => error.reason === 'ETAG_MISMATCH';

etag('a write that depends on nothing is let through', () => {
  assertEtag({ version: 3 }, parseIfMatch(undefined));
});

etag('the etag that holds is let through, alone or in a list', () => {
  assertEtag({ version: 3 }, parseIfMatch('"3"'));
  assertEtag({ version: 3 }, parseIfMatch('"2", "3"'));
  assertEtag({ version: 3 }, parseIfMatch('*'));
});

for (const header of ['"2"', '"*"', '"2", "*"', 'W/"3"', '3', '', '""', '"3']) {
  etag(`If-Match ${JSON.stringify(header)} does not match version 3`, () => {
    assert.throws(() => assertEtag({ version: 3 }, parseIfMatch(header)), stale);
  });
}

etag.run();
