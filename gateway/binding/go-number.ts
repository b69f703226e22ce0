const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** As Go's strconv.ParseBool. */
export function parseBool(text: string): boolean | undefined {
  return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}

const BASES: Readonly<Record<string, RegExp>> = {
  '0x': /^0[xX](?:_?[0-9a-fA-F])+$/,
  '0o': /^0[oO](?:_?[0-7])+$/,
  '0b': /^0[bB](?:_?[01])+$/,
};

/**
 * As Go's strconv.ParseInt and ParseUint, but for the range: base 10, or base 0, where a prefix (0x, 0o, 0b, or
 * a mere 0 for octal) says the base and underscores may stand between digits. Only signed numbers take a sign.
 */
export function parseInteger(text: string, base: 0 | 10, signed: boolean): bigint | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  if (sign !== '' && !signed) return undefined;
  const magnitude = text.slice(sign.length);
  const digits = base === 10 ? decimalDigits(magnitude) : basedDigits(magnitude);
  // More than 70 digits fit no type in any base, and a long BigInt takes long to parse.
  if (digits === undefined || digits.length > 70) return undefined;
  return sign === '-' ? -BigInt(digits) : BigInt(digits);
}

function decimalDigits(text: string): string | undefined {
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : undefined;
}

/** Digits as BigInt() reads them. */
function basedDigits(text: string): string | undefined {
  const plain = text.replaceAll('_', '');
  const prefix = text.slice(0, 2).toLowerCase();
  const based = BASES[prefix];
  if (based !== undefined) return based.test(text) ? plain : undefined;
  if (/^0(?:_?[0-7])+$/.test(text)) return `0o${plain.slice(1)}`;
  return /^(?:0|[1-9](?:_?\d)*)$/.test(text) ? plain : undefined;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^([+-]?)(?:inf|infinity)$|^nan$/i;

const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d{1,5})$/;

/** As Go's strconv.ParseFloat: a number too large for the type is refused. */
export function parseFloating(text: string, round: (value: number) => number): number | undefined {
  const special = SPECIAL.exec(text);
  if (special !== null) {
    if (special[1] === undefined) return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  // Go lets underscores stand between digits.
  const plain =
    text.includes('_') && !/(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F])/.test(text)
      ? text.replaceAll('_', '')
      : text;
  const exact = DECIMAL.test(plain) ? Number(plain) : hexadecimal(plain);
  if (exact === undefined) return undefined;
  const value = round(exact);
  return Number.isFinite(value) ? value : undefined;
}

/** Digits beyond the sixteen that a double may need are refused: rounding them is nobody's use. */
function hexadecimal(text: string): number | undefined {
  const [, sign, whole = '', fraction = '', exponent] = HEXADECIMAL.exec(text) ?? [];
  const digits = whole + fraction;
  if (digits === '' || digits.length > 16) return undefined;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}
