import { type Address, formatAddress } from './address.js';
import { SETTINGS } from './settings.js';

/** A setting as people read of it. */
export interface DescribedSetting {
  readonly name: string;
  readonly description: string;
  /** As it would be written into the environment; undefined where unset means something of its own. */
  readonly fallback: string | undefined;
}

/** Every setting, in the order of the code. */
export function describedSettings(): DescribedSetting[] {
  return Object.entries(SETTINGS.shape).map(([name, schema]) => {
    const { data } = schema.safeParse(undefined);
    return {
      name,
      description: schema.description ?? '',
      fallback: data === undefined ? undefined : shown(data),
    };
  });
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(',');
  return typeof value === 'object' ? formatAddress(value as Address) : String(value);
}
