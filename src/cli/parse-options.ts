import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './command-errors.js';

/** parseArgs, with its complaints as usage errors; an option that is given twice is one of them. */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
  allowPositionals = false,
) {
  const parsed = attempt(() => parseArgs({ args, options, allowPositionals, tokens: true }));
  const names = parsed.tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const twice = names.find((name, at) => names.indexOf(name) < at && options[name]?.multiple !== true);
  if (twice !== undefined) throw new UsageError(`--${twice} is given twice`);
  return parsed;
}

function attempt<T>(parsing: () => T): T {
  try {
    return parsing();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
