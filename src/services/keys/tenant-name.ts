import { invalid } from '../../domain/errors.js';

/** Letters, digits and . _ - up to 64; the first is a letter or digit, which the system's own partition has not. */
const TENANT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function isTenantName(name: unknown): name is string {
  return typeof name === 'string' && TENANT_NAME.test(name);
}

/** Throws INVALID_INPUT for a name that no tenant can have. */
export function assertTenantName(tenant: string): void {
  if (isTenantName(tenant)) return;
  const description =
    'must be up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit';
  throw invalid({ field: 'tenant', description, rule: 'tenant.name' });
}
