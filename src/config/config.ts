import { type Address, formatAddress, isLoopback } from './address.js';
import { SETTINGS, type Settings } from './settings.js';

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
}

/** Everything that is wrong with the settings, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(`the configuration is wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** Reads the settings of a process. Throws ConfigError with all that is wrong. */
export function loadConfig(role: Role, env: NodeJS.ProcessEnv, options: { insecure?: boolean } = {}): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = SETTINGS.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const settings = parsed.data;
  const unknown = Object.keys(given).filter((name) => name.startsWith('FACET_') && !(name in SETTINGS.shape));
  const config = derive(role, settings);
  const insecure = options.insecure === true || settings.FACET_INSECURE === '1';
  const faults = [
    ...unknown.map((name) => `${name} is not a setting`),
    ...checkConnector(config, insecure),
    ...checkTransport(config, insecure),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

function derive(role: Role, settings: Settings): Config {
  const embedded = settings.MONGODB_URI === undefined;
  const loopback = listening(role, settings).every(isLoopback);
  const connector = settings.FACET_LINKEDIN_CONNECTOR ?? (embedded ? 'simulated' : 'worker');
  return {
    role,
    settings,
    grpc: settings.FACET_GRPC_ADDR[0]!,
    connector: connector === 'simulated' ? 'simulated' : 'worker',
    loopback,
    developmentKeys: embedded && loopback,
  };
}

/** The addresses that the process itself opens. */
function listening(role: Role, settings: Settings): Address[] {
  const grpc = settings.FACET_GRPC_ADDR.slice(0, 1);
  if (role === 'service') return grpc;
  return role === 'gateway' ? [settings.FACET_REST_ADDR] : [...grpc, settings.FACET_REST_ADDR];
}

function checkConnector({ role, settings, connector, loopback }: Config, insecure: boolean): string[] {
  if (role === 'gateway') return [];
  if (settings.FACET_LINKEDIN_CONNECTOR === 'unipile') {
    return ['FACET_LINKEDIN_CONNECTOR=unipile does not exist yet: use simulated or worker'];
  }
  if (connector === 'simulated' && !loopback && !insecure) {
    return ['FACET_LINKEDIN_CONNECTOR=simulated logs in to nothing, so beyond loopback it needs --insecure'];
  }
  return [];
}

function checkTransport({ role, settings }: Config, insecure: boolean): string[] {
  const faults: string[] = [];
  const tls = settings.FACET_TLS_CERT !== undefined && settings.FACET_TLS_KEY !== undefined;
  if ((settings.FACET_TLS_CERT === undefined) !== (settings.FACET_TLS_KEY === undefined)) {
    faults.push('FACET_TLS_CERT and FACET_TLS_KEY go together');
  }
  if (role !== 'gateway' && settings.FACET_GRPC_ADDR.length > 1) {
    faults.push('FACET_GRPC_ADDR lists several addresses, which only a gateway alone can dial');
  }
  for (const address of listening(role, settings)) {
    if (!isLoopback(address) && !tls && !insecure) {
      faults.push(
        `${formatAddress(address)} is reachable from other machines: set FACET_TLS_CERT and FACET_TLS_KEY, or pass --insecure`,
      );
    }
  }
  return faults;
}
