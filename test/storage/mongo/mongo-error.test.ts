import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StoreUnavailableError } from '../../../src/storage/errors.js';
import { toStoreError } from '../../../src/storage/mongo/mongo-error.js';

const errors = suite('errors that the driver lets through');

/** What a write says on a connection to a server that does so with each. */
async function writeTo(meet: (socket: Socket) => unknown, before: (socket: Socket) => void): Promise<Error> {
  const server = createServer(meet).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const failed = once(socket, 'error') as Promise<[Error]>;
  await once(socket, 'connect');
  before(socket);
  await sleep(20);
  const refused = new Promise<Error>((resolve) => {
    socket.write('late', (error) => error && resolve(error));
  });
  const error = await Promise.race([refused, failed.then(([first]) => first)]);
  socket.destroy();
  server.close();
  return error;
}

for (const [what, meet, before] of [
  ['the server has ended', (socket) => socket.end(), (socket) => socket.resume()],
  [
    'the server has reset',
    (socket) => setTimeout(() => socket.resetAndDestroy(), 5),
    (socket) => socket.resume(),
  ],
  ['this side has ended', () => {}, (socket) => socket.end()],
  ['this side has destroyed', () => {}, (socket) => socket.destroy()],
] as readonly [string, (socket: Socket) => unknown, (socket: Socket) => void][]) {
  errors(`a write to a connection that ${what} is the store's being away`, async () => {
    const error = await writeTo(meet, before);
    assert.instance(toStoreError(error), StoreUnavailableError, `${(error as NodeJS.ErrnoException).code}`);
  });
}

errors('a mistake of ours stays as it is', () => {
  const wrong = Object.assign(new TypeError('not a string'), { code: 'ERR_INVALID_ARG_TYPE' });
  for (const error of [wrong, new RangeError('too long'), 'text', undefined])
    assert.is(toStoreError(error), error);
});

errors.run();
