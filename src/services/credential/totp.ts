import { TOTP, URI } from 'otpauth';

/** RFC 6238 asks for 128 bits of seed; authenticators of old gave 80. */
const LEAST_SEED_BYTES = 10;
const LONGEST_URL = 2048;
const LONGEST_SEED_BYTES = 128;
/** Time steps that a code may be early or late: clocks differ, and people type. */
const WINDOW = 1;

/** What keeps an otpauth URL from being imported; undefined where nothing does. The URL is never shown. */
export function totpFault(url: string): string | undefined {
  const totp = read(url);
  if (totp === undefined) return 'must be an otpauth://totp/ URL (RFC 6238)';
  const { length } = totp.secret.bytes;
  if (length < LEAST_SEED_BYTES || length > LONGEST_SEED_BYTES)
    return `must have a secret of ${LEAST_SEED_BYTES} to ${LONGEST_SEED_BYTES} bytes`;
  if (totp.digits < 6 || totp.digits > 8 || totp.period < 15 || totp.period > 300)
    return 'must have 6 to 8 digits and a period of 15 to 300 seconds';
  return undefined;
}

/** The time step that the code is of, around `now` in milliseconds; undefined for a wrong code. */
export function totpStep(url: string, code: string, now: number): number | undefined {
  const totp = read(url);
  if (totp === undefined || !/^\d{6,8}$/.test(code)) return undefined;
  const delta = totp.validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? undefined : Math.floor(now / 1000 / totp.period) + delta;
}

function read(url: string): TOTP | undefined {
  if (url.length > LONGEST_URL) return undefined;
  try {
    const otp = URI.parse(url);
    return otp instanceof TOTP ? otp : undefined;
  } catch {
    return undefined;
  }
}
