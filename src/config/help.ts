import { type Address, formatAddress } from './address.js';
import type { Role } from './config.js';
import { SETTINGS } from './settings.js';

const WHAT: Record<Role, string> = {
  all: 'npm start [-- --insecure]\n\nStarts the gRPC service and the REST gateway in one process.',
  service: 'npm run start:service [-- --insecure]\n\nStarts the gRPC service alone.',
  gateway:
    'npm run start:gateway [-- --insecure]\n\nStarts the REST gateway alone, before a service elsewhere.',
};

/** What `--help` prints: how a role is started, and every setting with its default. */
export function helpText(role: Role): string {
  const settings = Object.entries(SETTINGS.shape).map(([name, schema]) => {
    const { data } = schema.safeParse(undefined);
    const fallback = data === undefined ? '' : ` Default: ${shown(data)}.`;
    return `  ${name}\n      ${schema.description}${fallback}`;
  });
  const insecure = '  --insecure  listen beyond loopback without TLS';
  return `${WHAT[role]}\n\n${insecure}\n\nSettings, by environment variable:\n${settings.join('\n')}\n`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(',');
  return typeof value === 'object' ? formatAddress(value as Address) : String(value);
}
