import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, together } from './config-error.js';
import type { Settings } from './settings.js';

/** What a server shows, and whom it lets in. PEM texts. */
export interface ServerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Over gRPC only callers with a certificate of this CA get in. */
  readonly clientCa?: Buffer;
}

/** The certificate and key of both servers; undefined where none is set. Throws ConfigError with all that is wrong. */
export function serverTls(settings: Settings): ServerTls | undefined {
  const { FACET_TLS_CERT, FACET_TLS_KEY, FACET_TLS_CLIENT_CA } = settings;
  if (FACET_TLS_CERT === undefined && FACET_TLS_KEY === undefined) {
    // Whoever asks for certificates must not be served in plain text.
    if (FACET_TLS_CLIENT_CA === undefined) return undefined;
    throw new ConfigError(['FACET_TLS_CLIENT_CA needs FACET_TLS_CERT and FACET_TLS_KEY beside it']);
  }
  if (FACET_TLS_CERT === undefined || FACET_TLS_KEY === undefined) {
    throw new ConfigError(['FACET_TLS_CERT and FACET_TLS_KEY go together']);
  }
  const { clientCa, ...pair } = together({
    cert: () => certificate('FACET_TLS_CERT', FACET_TLS_CERT),
    key: () => privateKey('FACET_TLS_KEY', FACET_TLS_KEY),
    clientCa: () => FACET_TLS_CLIENT_CA && certificate('FACET_TLS_CLIENT_CA', FACET_TLS_CLIENT_CA),
  });
  if (!new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) {
    throw new ConfigError([`FACET_TLS_KEY ${FACET_TLS_KEY} is not the key of FACET_TLS_CERT`]);
  }
  return { ...pair, ...(clientCa && { clientCa }) };
}

/** The CA that a gateway alone trusts its services by; undefined where none is set. Throws ConfigError. */
export function upstreamCa({ FACET_TLS_CA: path }: Settings): Buffer | undefined {
  return path === undefined ? undefined : certificate('FACET_TLS_CA', path);
}

function certificate(setting: string, path: string): Buffer {
  return pem(setting, path, 'certificate', (text) => new X509Certificate(text));
}

function privateKey(setting: string, path: string): Buffer {
  return pem(setting, path, 'private key without a passphrase', createPrivateKey);
}

function pem(setting: string, path: string, what: string, parse: (text: Buffer) => unknown): Buffer {
  let text: Buffer;
  try {
    text = readFileSync(path);
  } catch (error) {
    throw new ConfigError([`${setting} cannot be read: ${(error as Error).message}`]);
  }
  try {
    parse(text);
  } catch {
    // Without the parser's words, which can quote what it was given.
    throw new ConfigError([`${setting} ${path} does not hold a PEM ${what}`]);
  }
  return text;
}
