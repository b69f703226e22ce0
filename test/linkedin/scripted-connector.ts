import type { AccountState } from '../../src/domain/linkedin/connection-change.js';
import type { LinkedInConnector, Outcome } from '../../src/services/linkedin/connector.js';

/** A connector whose every answer the test gives; what it was asked is in `calls`. */
export interface ScriptedConnector extends LinkedInConnector {
  readonly calls: string[];
  start: LinkedInConnector['start'];
  submitCode: LinkedInConnector['submitCode'];
  poll: LinkedInConnector['poll'];
  disconnect: LinkedInConnector['disconnect'];
  state: AccountState | 'silent';
}

export const CONNECTED: Outcome = { kind: 'connected', ref: 'account-1', profileId: 'p1' };
export const ASKED: Outcome = {
  kind: 'challenge',
  ref: 'account-1',
  challenge: {
    type: 'otp',
    channel: 'sms',
    needsCode: true,
    options: [],
    expiresAt: Number.MAX_SAFE_INTEGER,
  },
};

export function createScriptedConnector(caps: Partial<LinkedInConnector['caps']> = {}): ScriptedConnector {
  const calls: string[] = [];
  return {
    name: 'scripted',
    caps: { credentials: true, storedSession: true, restartSafe: true, intentTtlMs: 3_600_000, ...caps },
    calls,
    state: 'connected',
    start: async () => CONNECTED,
    submitCode: async () => CONNECTED,
    poll: async (ref) => ({ kind: 'pending', ref, pollAfterMs: 1_000 }),
    async check(ref) {
      calls.push(`check ${ref}`);
      if (this.state === 'silent') throw new Error('no answer');
      return { state: this.state };
    },
    async cancel(ref) {
      calls.push(`cancel ${ref}`);
    },
    async disconnect(ref) {
      calls.push(`disconnect ${ref}`);
    },
  };
}
