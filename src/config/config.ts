import { type Address, formatAddress, isLoopback } from './address.js';
import { ConfigError, together } from './config-error.js';
import { SETTINGS, type Settings } from './settings.js';
import { type ServerTls, serverTls, upstreamCa } from './tls.js';
import { type TokenSource, tokenOptions } from './token-options.js';

export { ConfigError };

/** What a process is: the whole in one, or one of its halves. */
export type Role = 'all' | 'service' | 'gateway';

/** The settings of a process, checked together. */
export interface Config {
  readonly role: Role;
  readonly settings: Settings;
  readonly grpc: Address;
  readonly connector: 'simulated' | 'worker';
  /** Whether every address is loopback: only then are development keys and a made sealing key allowed. */
  readonly loopback: boolean;
  readonly developmentKeys: boolean;
  /** What the process's own servers show; plain text without it. */
  readonly tls: ServerTls | undefined;
  /** The CA that a gateway alone trusts its services by, a PEM text; plain text without it. */
  readonly upstreamCa: Buffer | undefined;
  readonly tokens: TokenSource | undefined;
}

/** The settings as the environment has them, each by itself. Throws ConfigError with all that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const { settings, faults } = parse(env);
  if (faults.length > 0) throw new ConfigError(faults);
  return settings;
}

/** Reads the settings of a process and the files that they name. Throws ConfigError with all that is wrong. */
export function loadConfig(role: Role, env: NodeJS.ProcessEnv, options: { insecure?: boolean } = {}): Config {
  const { settings, faults, wrong } = parse(env);
  const insecure = options.insecure === true || settings.FACET_INSECURE === '1';
  const checks = () => {
    const found = [
      ...faults,
      ...checkConnector(role, settings, insecure, wrong),
      ...checkTransport(role, settings, insecure),
      ...checkSecrets(role, settings, wrong),
    ];
    if (found.length > 0) throw new ConfigError(found);
  };
  const files = together({
    checks,
    tls: () => serverTls(role === 'gateway' ? { ...settings, FACET_TLS_CLIENT_CA: undefined } : settings),
    upstreamCa: () => (role === 'gateway' ? upstreamCa(settings) : undefined),
    tokens: () => (role === 'gateway' ? undefined : tokenOptions(settings)),
  });
  const loopback = isOnLoopback(role, settings);
  return {
    role,
    settings,
    grpc: settings.FACET_GRPC_ADDR[0]!,
    connector: connectorOf(settings) === 'simulated' ? 'simulated' : 'worker',
    loopback,
    developmentKeys: settings.MONGODB_URI === undefined && loopback,
    tls: files.tls,
    upstreamCa: files.upstreamCa,
    tokens: files.tokens,
  };
}

interface Parsed {
  readonly settings: Settings;
  readonly faults: readonly string[];
  /** The settings that have a fault, which count as unset, so that the rest can be checked all the same. */
  readonly wrong: ReadonlySet<string>;
}

function parse(env: NodeJS.ProcessEnv): Parsed {
  const given = Object.entries(env).filter(([, value]) => value !== '');
  const issues = SETTINGS.safeParse(Object.fromEntries(given)).error?.issues ?? [];
  const wrong = new Set(issues.map(({ path }) => String(path[0])));
  const unknown = given
    .map(([name]) => name)
    .filter((name) => /^FACET_/.test(name) && !(name in SETTINGS.shape));
  return {
    settings: SETTINGS.parse(Object.fromEntries(given.filter(([name]) => !wrong.has(name)))),
    faults: [
      ...issues.map(({ path, message }) => `${path.join('.')} ${message}`),
      ...unknown.map((name) => `${name} is not a setting`),
    ],
    wrong,
  };
}

function connectorOf({ FACET_LINKEDIN_CONNECTOR, MONGODB_URI }: Settings) {
  return FACET_LINKEDIN_CONNECTOR ?? (MONGODB_URI === undefined ? 'simulated' : 'worker');
}

function isOnLoopback(role: Role, settings: Settings): boolean {
  return listening(role, settings).every(isLoopback);
}

/** The addresses that the process itself opens. */
function listening(role: Role, settings: Settings): Address[] {
  const grpc = settings.FACET_GRPC_ADDR.slice(0, 1);
  if (role === 'service') return grpc;
  return role === 'gateway' ? [settings.FACET_REST_ADDR] : [...grpc, settings.FACET_REST_ADDR];
}

function checkConnector(
  role: Role,
  settings: Settings,
  insecure: boolean,
  wrong: ReadonlySet<string>,
): string[] {
  if (role === 'gateway') return [];
  if (settings.FACET_LINKEDIN_CONNECTOR === 'unipile') {
    return ['FACET_LINKEDIN_CONNECTOR=unipile does not exist yet: use simulated or worker'];
  }
  if (wrong.has('MONGODB_URI') || wrong.has('FACET_LINKEDIN_CONNECTOR')) return [];
  if (connectorOf(settings) === 'simulated' && !isOnLoopback(role, settings) && !insecure) {
    return ['FACET_LINKEDIN_CONNECTOR=simulated logs in to nothing, so beyond loopback it needs --insecure'];
  }
  return [];
}

function checkSecrets(role: Role, settings: Settings, wrong: ReadonlySet<string>): string[] {
  if (role === 'gateway' || settings.FACET_SECRETS_KEY !== undefined || wrong.has('FACET_SECRETS_KEY'))
    return [];
  if (isOnLoopback(role, settings)) return [];
  return ['FACET_SECRETS_KEY is required beyond loopback: make one with `openssl rand -base64 32`'];
}

function checkTransport(role: Role, settings: Settings, insecure: boolean): string[] {
  const faults: string[] = [];
  if (role !== 'gateway' && settings.FACET_GRPC_ADDR.length > 1) {
    faults.push('FACET_GRPC_ADDR lists several addresses, which only a gateway alone can dial');
  }
  const tls = settings.FACET_TLS_CERT !== undefined && settings.FACET_TLS_KEY !== undefined;
  for (const address of listening(role, settings)) {
    if (!isLoopback(address) && !tls && !insecure) {
      faults.push(
        `${formatAddress(address)} is reachable from other machines: set FACET_TLS_CERT and FACET_TLS_KEY, or pass --insecure`,
      );
    }
  }
  return faults;
}
