import { type Config, ConfigError, loadConfig, type Role } from '../../config/config.js';
import { describedSettings } from '../../config/described-settings.js';
import { type Finding, failure, ok } from './finding.js';

/** The settings as a process of the role would read them; no config where they are wrong. */
export function checkSettings(
  role: Role,
  env: NodeJS.ProcessEnv,
  insecure: boolean,
): { readonly findings: readonly Finding[]; readonly config?: Config } {
  try {
    const config = loadConfig(role, env, { insecure });
    const set = describedSettings().filter(({ name }) => (env[name] ?? '') !== '').length;
    return { config, findings: [ok('settings', `${set} set, all valid for the role ${role}`)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { findings: error.faults.map((fault) => failure('settings', fault, 'see docs/settings.md')) };
  }
}
