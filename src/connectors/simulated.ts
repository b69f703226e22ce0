import { loginError, type RejectCode } from '../domain/linkedin/login-error.js';
import type { LinkedInConnector, Outcome } from '../services/linkedin/connector.js';
import { decodeRef, encodeRef, type SimulatedLogin } from './simulated-ref.js';
import { type Scenario, scenario, scenarioName } from './simulated-scenario.js';

/** The code that every simulated challenge takes. */
export const SIMULATED_CODE = '123456';

const APPROVAL_MS = 3_000;
const POLL_MS = 500;
/** Identities whose `flaky` login has failed are remembered up to this number. */
const REMEMBERED = 10_000;

/**
 * LinkedIn for development and tests: how a login goes is told by its username. It calls nobody, and all
 * that it must know after a restart is in the login's ref.
 *
 * @param options.now milliseconds since the epoch
 * @param options.stepMs how long a login takes before LinkedIn answers, 200 where unset
 * @param options.intentTtlMs how long a challenge stands, an hour where unset
 */
export function createSimulatedConnector(options: {
  readonly now: () => number;
  readonly stepMs?: number;
  readonly intentTtlMs?: number;
}): LinkedInConnector {
  const { now, stepMs = 200, intentTtlMs = 3_600_000 } = options;
  const failedOnce = new Set<string>();

  const advance = (login: SimulatedLogin): Outcome => {
    const next = challengeOf(login);
    if (login.refusal !== null) return rejected(login.refusal);
    if (next === undefined) {
      const ref = encodeRef({ ...login, asking: false, connected: true });
      return { kind: 'connected', ref, profileId: `simulated-${login.sessionId}` };
    }
    const ref = encodeRef({ ...login, asking: true, readyAt: now() + APPROVAL_MS });
    return { kind: 'challenge', ref, challenge: { ...next, options: [], expiresAt: now() + intentTtlMs } };
  };

  const pending = (login: SimulatedLogin): Outcome => {
    const pollAfterMs = Math.max(0, Math.min(POLL_MS, login.readyAt - now()));
    return { kind: 'pending', ref: encodeRef(login), pollAfterMs };
  };

  const refusalFor = (identity: string, { rejected: code, once }: Scenario): RejectCode | null => {
    if (code === undefined || (once && failedOnce.has(identity))) return null;
    if (once) remember(failedOnce, identity);
    return code;
  };

  return {
    name: 'simulated',
    caps: { credentials: true, storedSession: true, restartSafe: true, intentTtlMs },
    async start({ tenant, identityId, sessionId, storedRef }, credentials) {
      if (credentials === null) {
        return pending({ ...decodeRef(storedRef), sessionId, readyAt: now() + stepMs, connected: false });
      }
      const name = scenarioName((await credentials.open()).username);
      const readyAt = now() + (scenario(name).stepMs ?? stepMs);
      const refusal = refusalFor(JSON.stringify([tenant, identityId]), scenario(name));
      return pending({
        scenario: name,
        sessionId,
        readyAt,
        met: 0,
        asking: false,
        refusal,
        connected: false,
      });
    },
    async poll(ref) {
      const login = decodeRef(ref);
      if (login.asking && challengeOf(login)?.needsCode)
        return { kind: 'pending', ref, pollAfterMs: POLL_MS };
      if (now() < login.readyAt) return pending(login);
      return advance(login.asking ? { ...login, met: login.met + 1 } : login);
    },
    async submitCode(ref, _challenge, code) {
      const login = decodeRef(ref);
      if ((await code.open()) !== SIMULATED_CODE) return rejected('invalid_code');
      return advance({ ...login, met: login.met + 1 });
    },
    async resend() {},
    async check(ref) {
      const login = decodeRef(ref);
      const approved = login.asking && challengeOf(login)?.needsCode === false && now() >= login.readyAt;
      return { state: login.connected || approved ? 'connected' : 'connecting' };
    },
    async cancel() {},
    async disconnect() {},
  };
}

function challengeOf(login: SimulatedLogin) {
  return scenario(login.scenario).challenges?.[login.met];
}

function rejected(code: RejectCode): Outcome {
  return { kind: 'rejected', ...loginError(code), code };
}

function remember(set: Set<string>, value: string): void {
  if (set.size >= REMEMBERED) set.delete(set.values().next().value!);
  set.add(value);
}
