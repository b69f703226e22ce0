import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Transport } from '../../gateway/transport.js';
import { serveGateway } from './gateway.js';
import type { Listening } from './listening.js';
import { ANSWERS } from './sample.js';

/** Our gateway before a service in the same process that answers with ready bytes: transcoding alone. */
export function serveTrivialLocal(): Promise<Listening> {
  const transport: Transport = {
    async unary({ path }) {
      return { status: { code: 0, message: '' }, message: ANSWERS.get(path), header: [], trailer: [] };
    },
    stream() {
      throw new Error('the trivial service has no streams');
    },
    close: async () => undefined,
  };
  return serveGateway(transport);
}

/** A gRPC server that answers with ready bytes. */
export function serveTrivialService(): Promise<Listening> {
  const server = new Server();
  const same = (bytes: Buffer) => bytes;
  for (const [path, answer] of ANSWERS) {
    const bytes = Buffer.from(answer);
    server.register(
      path,
      (_call: unknown, done: (error: null, answer: Buffer) => void) => done(null, bytes),
      same,
      same,
      'unary',
    );
  }
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve({ grpc: `127.0.0.1:${port}` }),
    );
  });
}
