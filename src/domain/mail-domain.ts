import { invalid } from './errors.js';

/** A mail domain of a tenant. Times are RFC 3339 in UTC. */
export interface MailDomain {
  /** A UUID in lower case. */
  readonly id: string;
  readonly tenant: string;
  /** In lower case, unique in the tenant. */
  readonly name: string;
  /** Whether the tenant has shown that it is its own. */
  readonly verified: boolean;
  readonly createTime: string;
  readonly updateTime: string;
  /** When a deletion began that is not decided yet: no mailbox may count on the domain until then. */
  readonly deleteTime?: string;
}

/** Labels of letters, digits and dashes (RFC 1123), at least two, and no number at the end. */
const NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LONGEST_NAME = 253;

/** The name in lower case. Throws INVALID_INPUT at `field` for one that is no domain's. */
export function domainName(name: string, field: string): string {
  const lower = name.toLowerCase();
  if (lower.length <= LONGEST_NAME && NAME.test(lower)) return lower;
  const description = 'must be a domain, as in example.com; international ones in their xn-- form';
  throw invalid({ field, description, rule: 'domain.name' });
}
