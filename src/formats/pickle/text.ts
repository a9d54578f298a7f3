import { LIMITS } from '../../bytes';

const UTF8 = new TextDecoder();

/** UTF-8 text. */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  return UTF8.decode(bytes.subarray(start, end));
}

/** Each byte as the character of its number. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** Little-endian two's complement (`pickle.decode_long`); `null` for a number too long to be one. */
export function integerOfBytes(bytes: Uint8Array, start: number, end: number): number | bigint | null {
  if (end - start > LIMITS.pickleIntegerBytes) return null;
  if (end === start) return 0;
  let hex = '';
  for (let at = end - 1; at >= start; at -= 1) hex += (bytes[at] ?? 0).toString(16).padStart(2, '0');
  const value = BigInt.asIntN(8 * (end - start), BigInt(`0x${hex}`));
  return exact(value);
}

/** INT, whose `00` and `01` are truth values, and LONG, which ends in `L`; `undefined` for what is no number. */
export function integerOfText(text: string): number | bigint | boolean | undefined {
  if (text === '00') return false;
  if (text === '01') return true;
  const digits = text.trim().replace(/L$/, '').replaceAll('_', '');
  // Python itself reads no decimal number with more digits.
  if (!/^[+-]?\d{1,4300}$/.test(digits)) return undefined;
  return exact(BigInt(digits.replace(/^\+/, '')));
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** FLOAT; `undefined` for what is no number. */
export function floatOfText(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  const named = /^([+-]?)(inf|infinity|nan)$/.exec(plain);
  if (named) return named[2] === 'nan' ? Number.NaN : named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' };

/** STRING: a quoted literal of Python 2 with its escapes; `undefined` for what is none. */
export function quoted(text: string): string | undefined {
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) return undefined;
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^x../.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    return ESCAPES[code] ?? (/^[\\'"]$/.test(code) ? code : `\\${code}`);
  });
}

/** UNICODE: Latin-1 with `\uXXXX` and `\UXXXXXXXX` (Python's raw-unicode-escape). */
export function rawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
