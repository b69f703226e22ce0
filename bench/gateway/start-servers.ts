import { type Child, startChild } from '../child.js';
import type { Listening } from '../servers/listening.js';
import type { Served, Servers } from './subjects.js';

/** The grpc-gateways that were built for a contract each, as paths of programs. */
export type Peers = Readonly<{ core?: string | undefined; outreach?: string | undefined }>;

/** Starts every server that takes part, each in a process of its own; `stop` ends them all. */
export async function startServers(
  folder: string,
  peers: Peers,
): Promise<Servers & { stop(): Promise<void> }> {
  const children: Child[] = [];
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
  };
  const start = async (...args: string[]): Promise<Listening & { pids: number[] }> => {
    const { child, said } = await startChild<Listening>('./servers/serve.js', args);
    children.push(child);
    return { ...said, pids: [said.pid ?? child.pid] };
  };
  /** A gateway before a gRPC server: the processor time of both counts. */
  const before = async (upstream: Listening & { pids: number[] }, ...args: string[]): Promise<Served> => {
    const { http, pids } = await start(...args, upstream.grpc!);
    return { port: http!, pids: [...pids, ...upstream.pids] };
  };
  const own = ({ http, pids }: Listening & { pids: number[] }): Served => ({ port: http!, pids });

  try {
    const service = await start('filled-facet', folder);
    const trivial = await start('trivial-service');
    const [local, wire] = [own(await start('facet', folder)), await before(service, 'wire')];
    const peer = async (upstream: typeof service, program: string | undefined) =>
      program === undefined ? {} : { 'grpc-gateway': await before(upstream, 'peer', program) };
    return {
      bare: own(await start('bare')),
      express: own(await start('express')),
      trivial: {
        local: own(await start('trivial-local')),
        wire: await before(trivial, 'wire'),
        ...(await peer(trivial, peers.core)),
      },
      core: { local, wire, ...(await peer(service, peers.core)) },
      outreach: { local, wire, ...(await peer(service, peers.outreach)) },
      key: service.key!,
      ids: service.ids!,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
