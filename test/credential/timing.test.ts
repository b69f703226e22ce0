// In a process of its own: it holds times to a limit.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialServiceDefinition } from '../../src/gen/facet/v1/credential_service.js';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { startTestApp } from '../support/app.js';
import { grpcClient } from '../support/grpc.js';
import { availableStores } from '../support/stores.js';
import { withIdentifier } from './with-identifier.js';

const ROUNDS = 15;
const FLOOD = 200;
const LONGEST_P99_MS = 250;

/** On one store: it is the hashing that takes the time. */
const [embedded] = availableStores();
const test = suite('the time of passwords');

async function started() {
  const made = await embedded!.make();
  const app = await startTestApp(made.store);
  const key = await app.key('acme', 'core');
  const credentials = grpcClient(CredentialServiceDefinition, app.grpc, key);
  const identities = grpcClient(IdentityServiceDefinition, app.grpc, key);
  const person = async (identifier: string) => {
    const { id } = await identities.createIdentity({ identity: Identity.decode(new Uint8Array()) });
    await withIdentifier(app.store, 'acme', id, identifier);
    return id;
  };
  const close = async () => {
    credentials.close();
    identities.close();
    await app.close();
    await made.close();
  };
  return { app, credentials, identities, person, close };
}

const sorted = (times: number[]) => [...times].sort((a, b) => a - b);

test('an unknown identifier takes as long as a wrong password', async () => {
  const { credentials, person, close } = await started();
  for (let n = 0; n < ROUNDS; n++) {
    const identityId = await person(`known${n}@example.com`);
    await credentials.setPassword({ identityId, password: 'the right one' });
  }
  const timed = async (identifier: string) => {
    const from = performance.now();
    await credentials.authenticate({ identifier, password: 'a wrong one' }).then(
      () => assert.unreachable(),
      () => undefined,
    );
    return performance.now() - from;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    known.push(await timed(`known${n}@example.com`));
    unknown.push(await timed(`unknown${n}@example.com`));
  }
  await close();
  const medians = [known, unknown].map((times) => sorted(times)[Math.floor(ROUNDS / 2)]!);
  const ratio = medians[1]! / medians[0]!;
  assert.ok(ratio > 0.7 && ratio < 1.4, `medians of ${medians.map((ms) => ms.toFixed(1)).join(' and ')} ms`);
});

test('while 200 passwords are hashed, other calls are answered within 250 ms', async () => {
  const { credentials, identities, person, close } = await started();
  const id = await person('flooded@example.com');
  let hashing = true;
  const flood = Promise.allSettled(
    Array.from({ length: FLOOD }, () => credentials.setPassword({ identityId: id, password: 'flood' })),
  ).then((all) => {
    hashing = false;
    return all;
  });
  const other = await person('other@example.com');
  const times: number[] = [];
  while (hashing) {
    const from = performance.now();
    await identities.getIdentity({ id: other });
    times.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const refused = (await flood).filter((each) => each.status === 'rejected').length;
  await close();
  const p99 = sorted(times)[Math.floor(times.length * 0.99)]!;
  assert.ok(times.length > 50, `${times.length} calls`);
  assert.is(refused, 0);
  assert.ok(p99 <= LONGEST_P99_MS, `p99 ${p99.toFixed(0)} ms`);
});

test.run();
