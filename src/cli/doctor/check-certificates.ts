import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.js';
import { type Finding, failure, ok, warning } from './finding.js';

const DAY_MS = 86_400_000;
/** Time enough to get a new one. */
const SOON_DAYS = 30;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** When the certificates run out; those of a chain each by itself. */
export function checkCertificates({ settings, tls }: Config, now: number): Finding[] {
  const named = [
    ['FACET_TLS_CERT', settings.FACET_TLS_CERT],
    ['FACET_TLS_CLIENT_CA', settings.FACET_TLS_CLIENT_CA],
    ['FACET_TLS_CA', settings.FACET_TLS_CA],
  ] as const;
  const found = named.flatMap(([name, path]) => (path === undefined ? [] : checkFile(name, path, now)));
  return tls === undefined && found.length === 0 ? [ok('TLS', 'none is set: plain text')] : found;
}

function checkFile(name: string, path: string, now: number): Finding[] {
  const pems = readFileSync(path, 'latin1').match(CERTIFICATE) ?? [];
  return pems.map((pem) => checkOne(name, new X509Certificate(pem), now));
}

function checkOne(name: string, certificate: X509Certificate, now: number): Finding {
  const subject = certificate.subject.split('\n').at(-1);
  const until = new Date(certificate.validTo);
  const about = `${name} (${subject})`;
  const text = `is valid until ${until.toISOString()}`;
  const remedy = `put a new certificate at ${name} and restart`;
  if (Date.parse(certificate.validFrom) > now) {
    return failure(
      about,
      `is not valid before ${new Date(certificate.validFrom).toISOString()}`,
      'set the clock, or wait',
    );
  }
  if (until.getTime() <= now) return failure(about, `ran out at ${until.toISOString()}`, remedy);
  return until.getTime() - now < SOON_DAYS * DAY_MS ? warning(about, text, remedy) : ok(about, text);
}
