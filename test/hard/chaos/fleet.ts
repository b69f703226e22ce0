import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../../../src/config/config.js';
import { type StartedRole, startRole } from '../../support/start-role.js';

/** Processes on addresses that they keep, so that those who dial them find them again. */
export interface Fleet {
  /** "http://host:port" of a gateway, another one each time. */
  gateway(): string;
  /** "host:port" of each service. */
  readonly services: readonly string[];
  /** Kills one after the other with -9, each by its own id, until it is over; resolves, all running, to how many. */
  killUntil(isOver: () => boolean, random: () => number): Promise<number>;
}

interface Member {
  readonly role: Role;
  readonly settings: Record<string, string>;
  process: StartedRole;
}

const LONGEST_PAUSE_MS = 1500;
const LONGEST_ABSENCE_MS = 1500;

/** Starts three services on the store and two gateways before them. */
export async function startFleet(shared: Record<string, string>): Promise<Fleet> {
  const services = await Promise.all([1, 2, 3].map(freeAddress));
  const gateways = await Promise.all([1, 2].map(freeAddress));
  const wanted: { role: Role; settings: Record<string, string> }[] = [
    ...services.map((address) => ({
      role: 'service' as const,
      settings: { ...shared, FACET_GRPC_ADDR: address },
    })),
    ...gateways.map((address) => ({
      role: 'gateway' as const,
      settings: { FACET_GRPC_ADDR: services.join(','), FACET_REST_ADDR: address, FACET_LOG_LEVEL: 'warn' },
    })),
  ];
  const members: Member[] = [];
  for (const each of wanted) members.push({ ...each, process: await startRole(each.role, each.settings) });
  let turn = 0;

  async function kill(member: Member, absence: number): Promise<void> {
    process.kill(member.process.child.pid!, 'SIGKILL');
    await member.process.ended;
    await sleep(absence);
    member.process = await startRole(member.role, member.settings);
  }

  return {
    services,
    gateway: () => `http://${gateways[turn++ % gateways.length]}`,
    async killUntil(isOver, random) {
      const returning = new Map<Member, Promise<void>>();
      let kills = 0;
      while (!isOver()) {
        await sleep(random() * LONGEST_PAUSE_MS);
        // One of each role stays, so that there is load to be interrupted.
        const there = members.filter((member) => !returning.has(member));
        const spare = there.filter(({ role }) => there.filter((other) => other.role === role).length > 1);
        const member = spare[Math.floor(random() * spare.length)];
        if (member === undefined) continue;
        kills++;
        const back = kill(member, random() * LONGEST_ABSENCE_MS).finally(() => returning.delete(member));
        returning.set(member, back);
      }
      await Promise.all(returning.values());
      return kills;
    },
  };
}

/** An address that nobody is given by chance while its process is away: below the ports for connections. */
async function freeAddress(): Promise<string> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return `127.0.0.1:${port}`;
  }
}
