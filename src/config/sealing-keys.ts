import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.js';

/**
 * The keys that seal secrets, newest first: those of FACET_SECRETS_KEY, or on loopback one that is made in the
 * data folder on the first start. Throws ConfigError that says how to make one.
 */
export function sealingKeys({ settings, loopback }: Config): readonly Uint8Array[] {
  if (settings.FACET_SECRETS_KEY !== undefined) return settings.FACET_SECRETS_KEY;
  if (!loopback) {
    throw new ConfigError([
      'FACET_SECRETS_KEY is required beyond loopback: make one with `openssl rand -base64 32`',
    ]);
  }
  const file = join(settings.FACET_DATA_DIR, 'secrets.key');
  if (!existsSync(file)) {
    mkdirSync(settings.FACET_DATA_DIR, { recursive: true });
    // 'wx': of two processes that start at once, the second reads what the first wrote.
    try {
      writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new ConfigError([`${file} does not hold 32 bytes as base64`]);
  return [key];
}
