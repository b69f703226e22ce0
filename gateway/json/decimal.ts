const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A decimal number as sign, significant digits (none for zero) and the power of ten they are times. */
interface Decimal {
  readonly sign: string;
  readonly digits: string;
  readonly power: number;
}

function toDecimal(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = PARTS.exec(text) ?? [];
  const all = whole + fraction;
  let end = all.length;
  while (end > 0 && all.charCodeAt(end - 1) === 0x30) end--;
  let start = 0;
  while (start < end && all.charCodeAt(start) === 0x30) start++;
  if (start === end) return { sign: '', digits: '', power: 0 };
  return {
    sign,
    digits: all.slice(start, end),
    power: Number(exponent) - fraction.length + (all.length - end),
  };
}

/**
 * The exact integer that a JSON number stands for, `1e2` and `1.0` included.
 * Undefined where it is not an integer or has more than 20 digits, the most that 64 bits need.
 */
export function exactInteger(text: string): bigint | undefined {
  const { sign, digits, power } = toDecimal(text);
  if (digits === '') return 0n;
  if (power < 0 || digits.length + power > 20) return undefined;
  const magnitude = BigInt(digits + '0'.repeat(power));
  return sign === '-' ? -magnitude : magnitude;
}

/** Whether the double nearest to a JSON number prints as the same number again. */
export function survivesAsDouble(text: string): boolean {
  const printed = String(Number(text));
  if (printed === text) return true;
  if (printed === 'Infinity' || printed === '-Infinity') return false;
  const a = toDecimal(text);
  const b = toDecimal(printed);
  return a.digits === b.digits && a.power === b.power && a.sign === b.sign;
}
