import { ConfigError } from '../config/config.js';
import { FacetError } from '../domain/errors.js';
import { StoreUnavailableError } from '../storage/errors.js';
import { CommandError, UsageError } from './command-errors.js';
import { doctorCommand } from './doctor.js';
import { domainCommand } from './domain.js';
import { healthCommand } from './health.js';
import { keyCommand } from './key.js';
import { schemaCommand } from './schema.js';

const HELP = `facet: the operator's commands, on the store that the service uses (see the settings of npm start --help)

  facet key create --tenant T --contract C [--scope read|write|admin ...] [--expires TIME] [--once]
                         makes a key and prints it, once; without --scope it has all three; with --once it makes
                         none where the tenant has one of that contract
  facet key list [--tenant T]
                         the keys: id, tenant, contract, scopes, state
  facet key revoke ID    ends a key; services know within a second
  facet domain add NAME --tenant T [--verified]
                         adds a mail domain for mailboxes and prints its id; they are made in verified ones only
  facet schema put --tenant T --id ID FILE
                         puts a JSON Schema for traits, from a file; "default" is for identities that name none
  facet doctor [--role all|service|gateway] [--insecure]
                         looks at settings, store, indexes, clock, keys and certificates, and says what to mend;
                         fails where something must be
  facet health [all|service|gateway]
                         asks the process that runs here with the same settings; fails where it cannot do its work

Options of every command: --json prints JSON, --help prints this.
The store: MONGODB_URI where it is set, else the embedded store in FACET_DATA_DIR (./data).
`;

const COMMANDS: Record<string, (args: readonly string[]) => Promise<void>> = {
  doctor: doctorCommand,
  health: healthCommand,
  domain: domainCommand,
  key: keyCommand,
  schema: schemaCommand,
};

/** Runs one command; answers the exit code: 0, 1 where it failed, 2 where it was not understood. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || args.includes('--help') || args.includes('-h') || name === 'help') {
    process.stdout.write(HELP);
    return name === undefined ? 2 : 0;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw new UsageError(`there is no command "${name}"`);
    await command(rest);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`facet: ${error.message}\n\n${HELP}`);
      return 2;
    }
    console.error(`facet: ${reason(error)}`);
    return 1;
  }
}

function reason(error: unknown): string {
  if (error instanceof FacetError && error.violations.length > 0) {
    return error.violations.map(({ field, description }) => `${field} ${description}`).join('; ');
  }
  if ([FacetError, ConfigError, CommandError].some((known) => error instanceof known))
    return (error as Error).message;
  if (error instanceof StoreUnavailableError) return `the store cannot be reached: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
