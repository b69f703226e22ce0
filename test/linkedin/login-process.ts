import { once } from 'node:events';
import { pino } from 'pino';
import { createSimulatedConnector } from '../../src/connectors/simulated.js';
import { createLinkedInService } from '../../src/services/linkedin/linkedin-service.js';
import { createSecrets } from '../../src/services/secrets/secrets.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { addIdentity, COLLECTIONS, untilState } from './bench.js';

/** What a test has this process do until it is killed. */
export interface LoginOrder {
  readonly path: string;
  readonly key: string;
  readonly ownerId: string;
  readonly username: string;
  readonly password: string;
  /** Set: the code is handed in as soon as it is asked for. */
  readonly code?: string;
}

const [order] = (await once(process, 'message')) as [LoginOrder];
const store = createEmbeddedStore({ path: order.path });
await store.open(COLLECTIONS);
const service = createLinkedInService({
  store,
  connector: createSimulatedConnector({ now: Date.now, stepMs: 300 }),
  secrets: createSecrets({ store, keys: [Buffer.from(order.key, 'hex')], now: Date.now }),
  log: pino({ level: 'silent' }),
  ownerId: order.ownerId,
});
service.start();
const owner = await addIdentity(store);
const { id } = await service.startLogin(owner, order);
process.send?.({ owner, id });
if (order.code !== undefined) {
  await untilState({ service }, owner, id, 'verification_required');
  await service.submitCode(owner, id, order.code);
}
setInterval(() => undefined, 1_000);
