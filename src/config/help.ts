import type { Role } from './config.js';
import { describedSettings } from './described-settings.js';

const WHAT: Record<Role, string> = {
  all: 'npm start [-- --insecure]\n\nStarts the gRPC service and the REST gateway in one process.',
  service: 'npm run start:service [-- --insecure]\n\nStarts the gRPC service alone.',
  gateway:
    'npm run start:gateway [-- --insecure]\n\nStarts the REST gateway alone, before a service elsewhere.',
};

/** What `--help` prints: how a role is started, and every setting with its default. */
export function helpText(role: Role): string {
  const settings = describedSettings().map(
    ({ name, description, fallback }) =>
      `  ${name}\n      ${description}${fallback === undefined ? '' : ` Default: ${fallback}.`}`,
  );
  const insecure = '  --insecure  listen beyond loopback without TLS';
  return `${WHAT[role]}\n\n${insecure}\n\nSettings, by environment variable:\n${settings.join('\n')}\n`;
}
