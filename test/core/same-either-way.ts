import { fromBinary, toJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { readImageFile } from '../../src/image.js';
import { readImage } from '../../src/rpc/image.js';
import type { AppContext } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';

const text = fc.string({ unit: 'binary', maxLength: 100 }).filter((each) => !each.includes('\0'));
const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const identity = fc.record({
  givenName: option(text),
  middleName: option(text),
  familyName: option(text),
  displayName: option(text),
  jobTitle: option(text),
  countryCode: option(fc.constantFrom('GB', 'US', 'BR')),
  tags: fc.uniqueArray(
    fc.string({ minLength: 1, maxLength: 20 }).filter((each) => each.trim() !== ''),
    { maxLength: 5 },
  ),
});

const AT_ONCE = 20;

/** Identities that are made over gRPC read the same over REST as there, field by field. */
export function sameEitherWay(test: Test, context: () => AppContext, count: number): void {
  test(`${count} identities read over REST are those read over gRPC`, async () => {
    const { app } = context();
    const key = await app.key('either-way', 'core');
    const client = grpcClient(IdentityServiceDefinition, app.grpc, key);
    const headers = { authorization: `Bearer ${key}` };
    const image = readImage(readImageFile());
    const type = image.getMessage('facet.v1.Identity')!;
    const check = async (given: Partial<Identity>) => {
      const { id } = await client.createIdentity({ identity: identityOf(given) });
      const bytes = Identity.encode(await client.getIdentity({ id })).finish();
      // By protobuf-es's own mapping, which shares nothing with the gateway's.
      const expected = toJson(type, fromBinary(type, bytes), { registry: image, alwaysEmitImplicit: true });
      const answer = await fetch(`${app.rest}/api/core/v1/identities/${id}`, { headers });
      assert.is(answer.status, 200);
      assert.equal(withoutNulls(await answer.json()), expected);
    };
    const lot = fc.array(identity as fc.Arbitrary<Partial<Identity>>, {
      minLength: AT_ONCE,
      maxLength: AT_ONCE,
    });
    await fc.assert(
      fc.asyncProperty(lot, async (given) => void (await Promise.all(given.map(check)))),
      { numRuns: count / AT_ONCE, endOnFailure: true },
    );
    client.close();
  });
}

/** A message that is not set is null over REST, as grpc-gateway has it; protobuf-es leaves it out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
