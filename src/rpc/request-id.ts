import { uuidv7 } from 'uuidv7';
import type { Metadata } from './transport.js';

/** What is safe in a header, in a log line and in a search box. */
const SANE = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** The caller's x-request-id where it sent one sane value, else a new one. */
export function requestId(metadata: Metadata): string {
  const given = metadata.find(([name]) => name === 'x-request-id')?.[1];
  return typeof given === 'string' && SANE.test(given) ? given : uuidv7();
}
