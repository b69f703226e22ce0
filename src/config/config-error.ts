/** Everything that is wrong with the settings, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(`the configuration is wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** What the parts come to. Throws one ConfigError with the faults of all that failed. */
export function together<Parts extends Record<string, () => unknown>>(
  parts: Parts,
): { [Name in keyof Parts]: ReturnType<Parts[Name]> } {
  const found: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, part] of Object.entries(parts)) {
    try {
      found[name] = part();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return found as { [Name in keyof Parts]: ReturnType<Parts[Name]> };
}
