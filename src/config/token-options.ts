import { readFileSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import { ConfigError } from './config-error.js';
import type { Settings } from './settings.js';

/** Where JSON Web Tokens are taken from, and whom they must name. */
export interface TokenSource {
  readonly jwks: URL | JSONWebKeySet;
  readonly issuer: string;
  readonly audience: string;
}

/** Undefined where no tokens are taken. Throws ConfigError. */
export function tokenOptions(settings: Settings): TokenSource | undefined {
  const { FACET_JWKS: source, FACET_JWT_ISSUER: issuer, FACET_JWT_AUDIENCE: audience } = settings;
  if (source === undefined) {
    if (issuer === undefined && audience === undefined) return undefined;
    throw new ConfigError(['FACET_JWT_ISSUER and FACET_JWT_AUDIENCE need FACET_JWKS beside them']);
  }
  if (issuer === undefined || audience === undefined) {
    throw new ConfigError(['FACET_JWKS needs FACET_JWT_ISSUER and FACET_JWT_AUDIENCE beside it']);
  }
  return { jwks: keySet(source), issuer, audience };
}

function keySet(source: string): URL | JSONWebKeySet {
  try {
    if (/^https?:\/\//.test(source)) return new URL(source);
    const read = JSON.parse(readFileSync(source, 'utf8')) as JSONWebKeySet;
    if (!Array.isArray(read?.keys)) throw new Error('it has no list "keys"');
    return read;
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError([`FACET_JWKS ${source} is neither a URL nor a readable JWKS file: ${message}`]);
  }
}
