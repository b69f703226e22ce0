import { readFileSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import { ConfigError } from './config.js';
import type { Settings } from './settings.js';

/** Where JSON Web Tokens are taken from; undefined where FACET_JWKS is unset. Throws ConfigError. */
export function tokenOptions(
  settings: Settings,
): { jwks: URL | JSONWebKeySet; issuer: string; audience: string } | undefined {
  const { FACET_JWKS: source, FACET_JWT_ISSUER: issuer, FACET_JWT_AUDIENCE: audience } = settings;
  if (source === undefined) return undefined;
  if (issuer === undefined || audience === undefined) {
    throw new ConfigError(['FACET_JWKS needs FACET_JWT_ISSUER and FACET_JWT_AUDIENCE beside it']);
  }
  if (/^https?:\/\//.test(source)) return { jwks: new URL(source), issuer, audience };
  try {
    return { jwks: JSON.parse(readFileSync(source, 'utf8')) as JSONWebKeySet, issuer, audience };
  } catch (error) {
    throw new ConfigError([
      `FACET_JWKS ${source} is neither a URL nor a readable JWKS file: ${(error as Error).message}`,
    ]);
  }
}
