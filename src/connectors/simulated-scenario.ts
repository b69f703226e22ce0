import type { RaisedChallenge } from '../domain/linkedin/challenge.js';
import type { RejectCode } from '../domain/linkedin/login-error.js';

/** How a simulated login goes. */
export interface Scenario {
  /** How long its first step takes, where not as long as any. */
  readonly stepMs?: number;
  readonly rejected?: RejectCode;
  /** The rejection comes only once for each identity. */
  readonly once?: boolean;
  /** What is asked of the person, one after the other. */
  readonly challenges?: readonly Pick<RaisedChallenge, 'type' | 'channel' | 'needsCode'>[];
}

const TWO_FACTOR = { type: 'two_factor', channel: 'app', needsCode: true } as const;
const OTP = { type: 'otp', channel: 'sms', needsCode: true } as const;
const IN_APP = { type: 'in_app', channel: 'app', needsCode: false } as const;

const SCENARIOS = new Map<string, Scenario>([
  ['ok', {}],
  ['2fa', { challenges: [TWO_FACTOR] }],
  ['otp', { challenges: [OTP] }],
  ['inapp', { challenges: [IN_APP] }],
  ['chained', { challenges: [TWO_FACTOR, OTP] }],
  ['captcha', { rejected: 'captcha_required' }],
  ['badpass', { rejected: 'invalid_credentials' }],
  ['restricted', { rejected: 'account_restricted' }],
  ['slow', { stepMs: 5_000 }],
  ['flaky', { rejected: 'provider_unavailable', once: true }],
]);

/** The scenario's name: the username up to the first `@`, `+`, `-` or `.`; any other is `ok`. */
export function scenarioName(username: string): string {
  const name = /^[^@+\-.]*/.exec(username)![0];
  return SCENARIOS.has(name) ? name : 'ok';
}

export function scenario(name: string): Scenario {
  return SCENARIOS.get(name) ?? {};
}
