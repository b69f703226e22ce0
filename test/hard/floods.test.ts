import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COLLECTIONS } from '../../src/collections.js';
import { readSettings } from '../../src/config/config.js';
import { GetIdentityRequest } from '../../src/gen/facet/v1/identity_service.js';
import { createKey } from '../../src/services/keys/operations.js';
import { storeOf } from '../../src/stores.js';
import { openSlow } from '../gateway/support/slow-clients.js';
import {
  FLOODING_FRAMES,
  frameFlood,
  HEADER_BOMBS,
  headerBomb,
  openIdle,
  rapidReset,
} from '../rpc/lab/floods.js';
import { seeded } from '../rpc/lab/mutate.js';
import { mutatedConnections } from '../rpc/lab/mutated-connections.js';
import { wholeCall } from '../rpc/lab/raw-http2.js';
import { identityOf } from '../support/identity-message.js';
import { residentMb } from '../support/resident.js';
import { restAs } from '../support/rest.js';
import { newFolder, type StartedRole, startRole, stopAll } from '../support/start-role.js';
import { type Seat, undisturbed } from './bystander.js';
import { identitiesAt } from './identities-at.js';

const KEY = 'facet_core_dev';
const GET = '/facet.v1.IdentityService/GetIdentity';
const IMPORTS = 200;
const MEGABYTE = 1 << 20;

// Nothing of it differs by the store.
const test = suite('floods of a service by callers in other processes [embedded]');
let whole: StartedRole;
let id: string;
let overGrpc: Seat;
let overRest: Seat;

test.before(async () => {
  const settings = { FACET_LOG_LEVEL: 'warn', FACET_DATA_DIR: newFolder() };
  whole = await startRole('all', settings);
  const store = await storeOf({ settings: readSettings(settings) });
  await store.open(COLLECTIONS);
  // Of another tenant than those who flood.
  const { key } = await createKey(store, { tenant: 'bystander', contract: 'core' });
  await store.close();
  const make = async (own: string) => {
    const client = identitiesAt(whole.grpc!, own);
    const made = await client.createIdentity({ identity: identityOf({ givenName: 'Ada' }) });
    client.close();
    return made.id;
  };
  id = await make(KEY);
  const seat = { key, id: await make(key) };
  overGrpc = { ...seat, grpc: whole.grpc };
  overRest = { ...seat, rest: whole.rest };
  // The heap grows with the first floods to the size that any load of that kind takes, and no further.
  for (const end = Date.now() + HEAP_GROWN_MS; Date.now() < end; ) await rapidReset(whole.grpc!, GET);
  // So that what is compiled and kept for any caller is not put to a flood's account.
  for (const each of [overGrpc, overRest]) tell('nothing', await undisturbed(each, () => sleep(2000)));
});
test.after.each(() => {
  assert.is(whole.child.exitCode, null, 'the process lives');
  assert.not.match(whole.printed(), /unhandled|uncaught|"level":[56]0/i);
});
test.after(stopAll);

/** How long a process is flooded until its heap has its full size: 100 MB become about 260. */
const HEAP_GROWN_MS = 12_000;
/** How long garbage may wait to be collected. */
const SETTLED_MS = 15_000;

let highest = 0;

/**
 * Runs it twice, and says how many MB more are held after the second time than ever before: what was collected and
 * comes again is no growth, nor is garbage, so that it is asked again until it is no more than it may be.
 */
async function grownBy(most: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  highest = Math.max(highest, residentMb(whole));
  await run();
  const grown = () => residentMb(whole) - highest;
  for (const end = Date.now() + SETTLED_MS; grown() > most && Date.now() < end; ) await sleep(500);
  return grown();
}

function tell(what: string, p99: number): void {
  console.log(`# ${what}: others' p99 ${Math.round(p99)} ms`);
}

const [PING, SETTINGS] = FLOODING_FRAMES;
const GRPC_FLOODS: Record<string, (address: string) => Promise<unknown>> = {
  async 'a thousand idle connections'(address) {
    const leave = openIdle(address, 1000);
    await sleep(3000);
    await leave();
  },
  async 'pings that nobody asked for'(address) {
    for await (const _ of frameFlood(address, PING!));
  },
  async 'settings over and over'(address) {
    for await (const _ of frameFlood(address, SETTINGS!));
  },
  async 'calls that are reset as they begin'(address) {
    assert.ok(await rapidReset(address, GET), 'never cut off');
  },
  async 'a megabyte of metadata and other bombs'(address) {
    for (const headers of HEADER_BOMBS) {
      for (const { grpc, reset, http } of await headerBomb(address, GET, headers))
        assert.ok(grpc !== 2 && grpc !== 13, JSON.stringify({ grpc, reset, http }));
    }
  },
  async '5,000 connections whose bytes were mutated'(address) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`# seed ${seed}`);
    const call = wholeCall(GET, GetIdentityRequest.encode({ id }).finish(), [KEY]);
    await mutatedConnections(address, call, 5_000, seeded(seed));
  },
};

for (const [what, flood] of Object.entries(GRPC_FLOODS)) {
  test(`${what} slow nobody down and are held in 50 MB`, async () => {
    let p99 = 0;
    const grown = await grownBy(50, async () => {
      p99 = await undisturbed(overGrpc, async () => {
        // As long as it takes to see others beside it.
        for (const end = Date.now() + 1500; Date.now() < end; ) await flood(whole.grpc!);
      });
    });
    assert.ok(grown <= 50, `${grown} MB more`);
    tell(`${what}, ${Math.round(grown)} MB more`, p99);
  });
}

test('300 clients that send byte by byte are let go within 6 s, and slow nobody down', async () => {
  const port = Number(whole.rest!.split(':').at(-1));
  const p99 = await undisturbed(overRest, async () => {
    const slow = openSlow(port, 300, `/v1/identities/${id}`, '/v1/identities');
    while (slow.open() > 0 && slow.forMs() < 8000) await sleep(50);
    slow.leave();
    assert.ok(slow.forMs() <= 6000, `${slow.forMs()} ms`);
  });
  tell('300 slow clients', p99);
});

/** Sends a body in chunks, and answers the status. */
function sendChunks(chunk: Buffer, times: number, headers: Record<string, string> = {}): Promise<number> {
  const [host, port] = whole.rest!.split(':');
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host,
      port,
      path: '/api/core/v1/identities',
      method: 'POST',
      agent: false,
      headers: { authorization: `Bearer ${KEY}`, ...headers },
    });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    let left = times;
    const write = (): void => {
      while (left-- > 0) if (!request.write(chunk)) return void request.once('drain', write);
      request.end();
    };
    write();
  });
}

test('64 MiB in chunks are 413, and what would be as much unpacked is 400, within 20 MB', async () => {
  const chunk = Buffer.alloc(256 * 1024, ' ');
  const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE));
  const grown = await grownBy(20, async () => {
    assert.is(await sendChunks(chunk, 256), 413);
    assert.is(await sendChunks(bomb, 1, { 'content-encoding': 'gzip' }), 400);
    assert.is(await sendChunks(chunk, 0), 200, 'no body is an empty one');
  });
  assert.ok(grown <= 20, `${grown} MB more`);
});

test(`${IMPORTS} passwords at once are hashed or refused with a time, and slow nobody down`, async () => {
  const rest = restAs(`http://${whole.rest}`, KEY);
  const path = `/api/core/v1/identities/${id}/credentials`;
  const answers: { status: number; retry: string | null }[] = [];
  const p99 = await undisturbed(overRest, async () => {
    answers.length = 0;
    await Promise.all(
      Array.from({ length: IMPORTS }, async (_, n) => {
        const { status, headers } = await rest('POST', path, { password: { password: `password-${n}` } });
        answers.push({ status, retry: headers.get('retry-after') });
      }),
    );
    await sleep(2000);
  });
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.every(({ retry }) => Number(retry) > 0));
  assert.is(answers.filter(({ status }) => status < 300).length + refused.length, IMPORTS);
  tell(`${IMPORTS} imports, ${refused.length} of them refused`, p99);
});

test.run();
