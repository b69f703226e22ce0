import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { FacetError } from '../../domain/errors.js';
import type { TokenCheck } from './authenticate.js';
import { KEY_SCOPES } from './key-record.js';
import { isTenantName } from './tenant-name.js';

export interface TokenOptions {
  /** The keys that tokens are signed with, or where they are fetched. */
  readonly jwks: URL | JSONWebKeySet;
  readonly issuer: string;
  readonly audience: string;
}

/** Only what nobody can forge with the public key. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const RETRY_MS = 1000;

/** Errors that say nothing about the token: its keys could not be had. */
const KEYS_AT_FAULT = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/**
 * Checks JSON Web Tokens (RFC 7519) with `exp`, `tenant`, and `scope`, a list by spaces of which read, write and
 * admin count. Answers undefined for a bad one; throws TOKEN_KEYS_UNAVAILABLE where the keys cannot be fetched.
 */
export function createTokenCheck({ jwks, issuer, audience }: TokenOptions): TokenCheck {
  const keySet = jwks instanceof URL ? createRemoteJWKSet(jwks) : createLocalJWKSet(jwks);
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'tenant'],
      });
      const { tenant, scope, sub, exp } = payload;
      if (!isTenantName(tenant)) return undefined;
      const words = typeof scope === 'string' ? scope.split(' ') : [];
      const scopes = KEY_SCOPES.filter((each) => words.includes(each));
      return { tenant, subject: sub ?? 'token', scopes, expiresAt: exp! * 1000 };
    } catch (error) {
      if (error instanceof errors.JOSEError && !KEYS_AT_FAULT.has(error.code)) return undefined;
      throw new FacetError('TOKEN_KEYS_UNAVAILABLE', { retryAfterMs: RETRY_MS, cause: error });
    }
  };
}
