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
  // More than 70 digits fit no type in any base, and a BigInt takes time to parse.
  const digits =
    magnitude.length > 70 ? undefined : base === 10 ? decimalDigits(magnitude) : basedDigits(magnitude);
  if (digits === undefined) return undefined;
  return sign === '-' ? -BigInt(digits) : BigInt(digits);
}

function decimalDigits(text: string): string | undefined {
  return /^\d+$/.test(text) ? text : undefined;
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
const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

/** As Go's strconv.ParseFloat, hexadecimal floats left out: a number too large for the type is refused. */
export function parseFloat64(text: string, round: (value: number) => number): number | undefined {
  const word = text.toLowerCase();
  const bare = word.replace(/^[+-]/, '');
  const special = Object.hasOwn(SPECIAL, bare) ? SPECIAL[bare] : undefined;
  if (special !== undefined && !(Number.isNaN(special) && bare !== word))
    return word.startsWith('-') ? -special : special;
  if (!DECIMAL.test(text)) return undefined;
  const value = round(Number(text));
  return Number.isFinite(value) ? value : undefined;
}
