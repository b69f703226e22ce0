import { type Role, readSettings } from '../config/config.js';
import { storeOf } from '../stores.js';
import { CommandError, UsageError } from './command-errors.js';
import { checkCertificates } from './doctor/check-certificates.js';
import { checkKeys } from './doctor/check-keys.js';
import { checkSealing } from './doctor/check-sealing.js';
import { checkSettings } from './doctor/check-settings.js';
import { checkStore } from './doctor/check-store.js';
import { checkUpstreams } from './doctor/check-upstreams.js';
import { checkVersions } from './doctor/check-versions.js';
import type { Finding } from './doctor/finding.js';
import { parseOptions } from './parse-options.js';

const ROLES: readonly Role[] = ['all', 'service', 'gateway'];

/** `facet doctor`: looks at all that a process needs, and says what to do. No secret is among what it prints. */
export async function doctorCommand(args: readonly string[]): Promise<void> {
  const { values } = parseOptions([...args], {
    role: { type: 'string' },
    insecure: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const role = ROLES.find((each) => each === (values.role ?? 'all'));
  if (role === undefined) throw new UsageError(`--role must be one of ${ROLES.join(', ')}`);
  const findings = await examine(role, values.insecure === true);
  for (const finding of findings) console.log(values.json ? JSON.stringify(finding) : line(finding));
  const failures = findings.filter(({ state }) => state === 'failure').length;
  if (failures > 0) throw new CommandError(`doctor found ${failures} that must be mended`);
}

async function examine(role: Role, insecure: boolean): Promise<Finding[]> {
  const { config, findings } = checkSettings(role, process.env, insecure);
  const found = [...checkVersions(), ...findings];
  // The rest is read by settings that are known to be right.
  if (config === undefined) return found;
  found.push(...checkCertificates(config, Date.now()));
  if (role === 'gateway') return [...found, ...(await checkUpstreams(config.settings.FACET_GRPC_ADDR))];
  const store = await storeOf({ settings: readSettings(process.env) });
  try {
    const { findings: ofStore, made } = await checkStore(store);
    found.push(...ofStore);
    if (!made) return found;
    return [
      ...found,
      ...(await checkKeys(store, config.developmentKeys, Date.now())),
      ...(await checkSealing(store, config)),
    ];
  } finally {
    await store.close();
  }
}

const WORDS = { ok: 'ok     ', warning: 'warning', failure: 'FAILURE' };

function line({ state, about, text, remedy }: Finding): string {
  return `${WORDS[state]}  ${about}: ${text}${remedy === undefined ? '' : `\n         → ${remedy}`}`;
}
