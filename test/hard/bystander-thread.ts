import { parentPort, workerData } from 'node:worker_threads';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { grpcClient } from '../support/grpc.js';
import type { Seat } from './bystander.js';

/** Every so often a call begins, whether or not the last one has ended: a server that is stuck cannot hide it. */
const EVERY_MS = 20;

const { grpc, rest, key, id } = workerData as Seat;
const client = grpc === undefined ? undefined : grpcClient(IdentityServiceDefinition, grpc, key);

async function call(): Promise<void> {
  if (client !== undefined) {
    await client.getIdentity({ id });
    return;
  }
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`http://${rest}/api/core/v1/identities/${id}`, { headers });
  await answer.text();
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
}

const calls: Promise<void>[] = [];
const times: number[] = [];
const failures: string[] = [];
const timed = () => {
  const began = performance.now();
  return call().then(
    () => void times.push(performance.now() - began),
    (error) => void failures.push(String(error)),
  );
};
// The first ones open connections and are compiled on the way.
for (let warm = 0; warm < 20; warm++) await call();
parentPort!.postMessage('ready');
const timer = setInterval(() => calls.push(timed()), EVERY_MS);

parentPort!.once('message', async () => {
  clearInterval(timer);
  await Promise.all(calls);
  client?.close();
  parentPort!.postMessage({ times, failures });
  parentPort!.close();
});
