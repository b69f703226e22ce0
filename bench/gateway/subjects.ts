import { PAGE } from '../servers/sample.js';

/** Who answers. */
export type Contender = 'bare' | 'express' | 'local' | 'wire' | 'grpc-gateway';

/** A server under load, and whose processor time it takes. */
export interface Target {
  readonly contender: Contender;
  readonly port: number;
  readonly pids: readonly number[];
  readonly requests: readonly string[];
}

/** What is asked for, of several who can answer it. */
export interface Subject {
  readonly name: string;
  readonly targets: readonly Target[];
}

/** A server and its processes. */
export interface Served {
  readonly port: number;
  readonly pids: readonly number[];
}

/** Where the servers are; the last two only where a grpc-gateway was built. */
export interface Servers {
  readonly bare: Served;
  readonly express: Served;
  readonly trivial: Readonly<Partial<Record<Contender, Served>>>;
  readonly core: Readonly<Partial<Record<Contender, Served>>>;
  readonly outreach: Readonly<Partial<Record<Contender, Served>>>;
  readonly key: string;
  readonly ids: readonly string[];
}

/** All that is measured: transcoding before a service that does nothing, then Facet as a whole. */
export function subjectsOf(servers: Servers): Subject[] {
  const { key, ids } = servers;
  const ask = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nAccept: application/json\r\n\r\n`;
  const against = (
    name: string,
    contract: string,
    served: Servers['core'],
    paths: readonly string[],
  ): Subject => ({
    name,
    targets: Object.entries(served).map(([contender, { port, pids }]) => {
      // A grpc-gateway knows one package only, and no prefix.
      const prefix = contender === 'grpc-gateway' ? '' : `/api/${contract}`;
      const requests = paths.map((path) => ask(prefix + path));
      return { contender: contender as Contender, port, pids, requests };
    }),
  });
  const plain = (path: string): Target[] => [
    { contender: 'bare', ...servers.bare, requests: [ask(path)] },
    { contender: 'express', ...servers.express, requests: [ask(path)] },
  ];
  const gets = ids.map((id) => `/v1/identities/${id}`);
  const [get, list] = [
    against('transcoding alone, get', 'core', servers.trivial, gets),
    against('transcoding alone, list', 'core', servers.trivial, [`/v1/identities?pageSize=${PAGE}`]),
  ];
  return [
    { ...get, targets: [...plain('/get'), ...get.targets] },
    { ...list, targets: [...plain('/list'), ...list.targets] },
    against('core get', 'core', servers.core, gets),
    against('core list', 'core', servers.core, [`/v1/identities?pageSize=${PAGE}`]),
    against('outreach get', 'outreach', servers.outreach, gets),
    against('outreach list', 'outreach', servers.outreach, [`/v1/identities?limit=${PAGE}`]),
  ];
}
