import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// Who listens where and who is connected to whom, by Linux's /proc: proc_pid_fd(5), proc_net_tcp(5), proc_pid_stat(5).

interface Connection {
  readonly inode: string;
  readonly listens: boolean;
  readonly localPort: number;
  readonly remotePort: number;
}

const LISTEN = '0A';
const GONE_MS = 10_000;

/** The process that listens on the port of this machine. Throws where there is none. */
export function listenerAt(port: number): number {
  const sockets = connections().filter(({ listens, localPort }) => listens && localPort === port);
  const holders = processes().filter((pid) => sockets.some(({ inode }) => socketsOf(pid).has(inode)));
  // A server that forks may share the socket with its children.
  const first = holders.find((pid) => !holders.includes(parentOf(pid)));
  if (first === undefined) throw new Error(`no process that can be seen listens on port ${port}`);
  return first;
}

/** The processes of this machine that the process has connections to. */
export function listenersBehind(pid: number): number[] {
  const all = connections();
  const own = socketsOf(pid);
  const ports = new Set(all.flatMap(({ inode, remotePort }) => (own.has(inode) ? [remotePort] : [])));
  const listening = all.flatMap(({ listens, localPort }) =>
    listens && ports.has(localPort) ? [localPort] : [],
  );
  return [...new Set(listening.map(listenerAt))].filter((each) => each !== pid);
}

export function childrenOf(pid: number): number[] {
  return processes().filter((each) => parentOf(each) === pid);
}

/** Kills these processes with -9, and waits until they are gone. */
export async function killAndWait(pids: readonly number[]): Promise<void> {
  for (const pid of pids) killed(pid);
  const late = performance.now() + GONE_MS;
  while (pids.some((pid) => processes().includes(pid) && stateOf(pid) !== 'Z')) {
    if (performance.now() > late) throw new Error(`${pids} do not end`);
    await sleep(10);
  }
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function connections(): Connection[] {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    readFileSync(path, 'utf8').split('\n').slice(1),
  );
  return lines.filter(Boolean).map((line) => {
    const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
    const port = (address: string) => Number.parseInt(address.split(':').at(-1)!, 16);
    return { inode: inode!, listens: state === LISTEN, localPort: port(local!), remotePort: port(remote!) };
  });
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Inodes of its sockets; none where the process is gone or another user's. */
function socketsOf(pid: number): Set<string> {
  const links = orNothing(() => readdirSync(`/proc/${pid}/fd`), []).map((fd) =>
    orNothing(() => readlinkSync(`/proc/${pid}/fd/${fd}`), ''),
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** What follows the name, which may hold anything, even parentheses. */
function statOf(pid: number): string[] {
  return orNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '')
    .split(') ')
    .at(-1)!
    .split(' ');
}
const stateOf = (pid: number) => statOf(pid)[0];
const parentOf = (pid: number) => Number(statOf(pid)[1]);

function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch {
    return nothing;
  }
}
