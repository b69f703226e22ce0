/** Seconds since the epoch and the nanoseconds after them, as google.protobuf.Timestamp and Duration have them. */
export interface SecondsAndNanos {
  readonly seconds: number;
  readonly nanos: number;
}

/** 0001-01-01T00:00:00Z, the first second of a Timestamp. */
export const FIRST_SECOND = -62_135_596_800;
/** 9999-12-31T23:59:59Z, the last one. */
export const LAST_SECOND = 253_402_300_799;
/** Ten thousand years: the longest Duration, either way. */
export const LONGEST_SECONDS = 315_576_000_000;

// A one-digit hour and a comma before the fraction are Go's leniency, not RFC 3339.
const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const CYCLE_YEARS = 400;
const CYCLE_SECONDS = 146_097 * 86_400;

/**
 * Reads an RFC 3339 time with its zone. Undefined where the text is none, has a day or hour that there is not, or
 * more than `mostDigits` digits of fraction; of these the ones beyond nine are cut off.
 */
export function parseTime(text: string, mostDigits = Number.POSITIVE_INFINITY): SecondsAndNanos | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const fraction = match[7] ?? '';
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6]);
  const zoneHour = Number(match[9] ?? 0);
  const zoneMinute = Number(match[10] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 24 || zoneMinute > 60) return undefined;
  if (fraction.length > mostDigits) return undefined;
  // Date.UTC takes years below 100 for those of the last century, so the year is moved by whole cycles.
  const cycles = Math.floor(year / CYCLE_YEARS) - 5;
  const local = Date.UTC(year - cycles * CYCLE_YEARS, month - 1, day, hour, minute, second) / 1000;
  const offset = (zoneHour * 60 + zoneMinute) * 60 * (match[8] === '-' ? -1 : 1);
  return { seconds: local + cycles * CYCLE_SECONDS - offset, nanos: fractionToNanos(fraction) };
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && !leap ? 28 : MONTH_DAYS[month - 1]!;
}

function fractionToNanos(digits: string): number {
  return digits === '' ? 0 : Number(digits.slice(0, 9).padEnd(9, '0'));
}

const DAY_SECONDS = 86_400;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
// Dates repeat from one message to the next, and making one takes longer than all else here.
const recentDates = Array.from({ length: 256 }, () => ({ day: Number.NaN, text: '' }));

/** Prints an instant in UTC with 0, 3, 6 or 9 digits of fraction. */
export function printTime({ seconds, nanos }: SecondsAndNanos): string {
  const day = Math.floor(seconds / DAY_SECONDS);
  const second = seconds - day * DAY_SECONDS;
  const minute = Math.floor(second / 60);
  const clock = `${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}`;
  return `${printDate(day)}T${clock}${printFraction(nanos)}Z`;
}

/** @param day counted from 1970-01-01 */
function printDate(day: number): string {
  const recent = recentDates[day & 255]!;
  if (recent.day !== day) {
    recent.text = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
    recent.day = day;
  }
  return recent.text;
}

function printFraction(nanos: number): string {
  if (nanos === 0) return '';
  if (nanos % 1_000_000 === 0) return `.${String(nanos / 1_000_000).padStart(3, '0')}`;
  if (nanos % 1000 === 0) return `.${String(nanos / 1000).padStart(6, '0')}`;
  return `.${String(nanos).padStart(9, '0')}`;
}

const SPAN = /^([+-]?)(\d*)(?:\.(\d{0,9}))?s$/;

/**
 * Reads a span in the form of protobuf's JSON, "-1.5s". Nanoseconds have the sign of the seconds.
 * Undefined where the text is none.
 */
export function parseSpan(text: string): SecondsAndNanos | undefined {
  const match = SPAN.exec(text);
  if (match === null || /^[+-]?s$/.test(text) || /^0\d/.test(match[2]!)) return undefined;
  const sign = match[1] === '-' ? -1 : 1;
  // Adding zero turns -0 into 0.
  return { seconds: sign * Number(match[2]) + 0, nanos: sign * fractionToNanos(match[3] ?? '') + 0 };
}

/** Prints a span in seconds with 0, 3, 6 or 9 digits of fraction. */
export function printSpan({ seconds, nanos }: SecondsAndNanos): string {
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  return `${sign}${Math.abs(seconds)}${printFraction(Math.abs(nanos))}s`;
}
