/**
 * What the codes of a small float mean at the top of their range: `ieee` has infinities and NaNs there, `fn` one NaN
 * per sign, `fnuz` a single NaN in the place of minus zero, `finite` none of them.
 */
type Specials = 'ieee' | 'fn' | 'fnuz' | 'finite';

interface SmallFloat {
  readonly exponent: number;
  readonly mantissa: number;
  readonly bias: number;
  readonly specials: Specials;
}

/** Formats by dtype: IEEE 754, arXiv 2209.05433 and 2206.02915 (8-bit), OCP MX 1.0 (6-bit and 4-bit). */
const SMALL_FLOATS = {
  float16: { exponent: 5, mantissa: 10, bias: 15, specials: 'ieee' },
  float8e4m3fn: { exponent: 4, mantissa: 3, bias: 7, specials: 'fn' },
  float8e4m3fnuz: { exponent: 4, mantissa: 3, bias: 8, specials: 'fnuz' },
  float8e5m2: { exponent: 5, mantissa: 2, bias: 15, specials: 'ieee' },
  float8e5m2fnuz: { exponent: 5, mantissa: 2, bias: 16, specials: 'fnuz' },
  float6e2m3: { exponent: 2, mantissa: 3, bias: 1, specials: 'finite' },
  float6e3m2: { exponent: 3, mantissa: 2, bias: 3, specials: 'finite' },
  float4e2m1: { exponent: 2, mantissa: 1, bias: 1, specials: 'finite' },
} as const satisfies Record<string, SmallFloat>;

/** Floats of 16 bits and less, whose every code is looked up in a table. */
export type SmallFloatType = keyof typeof SMALL_FLOATS | 'float8e8m0';

const tables = new Map<SmallFloatType, Float32Array>();

/** The number each code of a float of at most 16 bits stands for; every one of them is exact in float32. */
export function floatTable(dtype: SmallFloatType): Float32Array {
  const known = tables.get(dtype);
  if (known) return known;
  const table = dtype === 'float8e8m0' ? scaleTable() : tableOf(SMALL_FLOATS[dtype]);
  tables.set(dtype, table);
  return table;
}

function tableOf(format: SmallFloat): Float32Array {
  const bits = 1 + format.exponent + format.mantissa;
  return Float32Array.from({ length: 2 ** bits }, (_, code) => numberOf(code, format));
}

function numberOf(code: number, { exponent, mantissa, bias, specials }: SmallFloat): number {
  const fractions = 2 ** mantissa;
  const top = 2 ** exponent - 1;
  const magnitude = code % (fractions * (top + 1));
  const negative = code !== magnitude;
  const power = Math.floor(magnitude / fractions);
  const fraction = magnitude % fractions;
  if (specials === 'fnuz' && negative && magnitude === 0) return Number.NaN;
  if (specials === 'fn' && power === top && fraction === fractions - 1) return Number.NaN;
  if (specials === 'ieee' && power === top && fraction > 0) return Number.NaN;
  const finite = power === 0 ? (fraction / fractions) * 2 ** (1 - bias) : (1 + fraction / fractions) * 2 ** (power - bias);
  const value = specials === 'ieee' && power === top ? Number.POSITIVE_INFINITY : finite;
  return negative ? -value : value;
}

/** A power of two without sign or fraction (OCP MX scale): 2^(code - 127), and NaN for 255. */
function scaleTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => (code === 255 ? Number.NaN : 2 ** (code - 127)));
}
