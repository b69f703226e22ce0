import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

/** Certificates for 127.0.0.1, valid until 2126: `service` and `gateway` of one CA, `stranger` of another. */
export function tlsFile(name: string): string {
  return join(root, 'test/support/fixtures/tls', name);
}

/** The PEM texts of a certificate, its key, and the CA of `service` and `gateway`. */
export function tlsTexts(name: 'service' | 'gateway' | 'stranger') {
  const read = (file: string) => readFileSync(tlsFile(file));
  return { cert: read(`${name}.crt`), key: read(`${name}.key`), ca: read('ca.crt') };
}
