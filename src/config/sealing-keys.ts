import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';
import { ConfigError } from './config-error.js';

/**
 * The keys that seal secrets, newest first: those of FACET_SECRETS_KEY, or on loopback one that is made in the
 * data folder on the first start. Throws ConfigError where that cannot be done.
 */
export function sealingKeys({ settings }: Pick<Config, 'settings'>): readonly Uint8Array[] {
  const { FACET_SECRETS_KEY: given, FACET_DATA_DIR: folder } = settings;
  return given ?? read(folder, true)!;
}

/** The same, but undefined where the key is yet to be made. */
export function existingSealingKeys({
  settings,
}: Pick<Config, 'settings'>): readonly Uint8Array[] | undefined {
  const { FACET_SECRETS_KEY: given, FACET_DATA_DIR: folder } = settings;
  return given ?? read(folder, false);
}

function read(folder: string, making: boolean): readonly Uint8Array[] | undefined {
  const file = join(folder, 'secrets.key');
  if (!making && !existsSync(file)) return undefined;
  const key = Buffer.from(keyText(folder, file), 'base64');
  if (key.length !== 32) throw new ConfigError([`${file} does not hold 32 bytes as base64`]);
  return [key];
}

function keyText(folder: string, file: string): string {
  try {
    if (!existsSync(file)) make(folder, file);
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError([
      `FACET_DATA_DIR ${folder} cannot hold the sealing key: ${(error as Error).message}`,
    ]);
  }
}

function make(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  // 'wx': of two processes that start at once, the second reads what the first wrote.
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
