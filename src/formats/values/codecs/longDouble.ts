import type { Codec } from './codec';

/** x86's long double: 64 bits of fraction with their leading one, 15 of exponent and the sign, padded to 12 or 16 bytes. */
function longDouble(bytes: number): Codec {
  return {
    id: `x87:float${8 * bytes}`,
    elements: 1,
    bytes,
    values: 'float64',
    decode: (view, from, into, at) => {
      const fraction = view.getBigUint64(from, true);
      const head = view.getUint16(from + 8, true);
      const sign = head & 0x8000 ? -1 : 1;
      into[at] = sign * magnitude(head & 0x7fff, fraction);
    },
  };
}

function magnitude(exponent: number, fraction: bigint): number {
  if (exponent === 0x7fff) return BigInt.asUintN(63, fraction) === 0n ? Number.POSITIVE_INFINITY : Number.NaN;
  // In two steps: one alone would pass what a double holds.
  const power = exponent - 16383 - 63;
  const half = Math.trunc(power / 2);
  return Number(fraction) * 2 ** half * 2 ** (power - half);
}

/** Long doubles as x86-64 and 32-bit x86 write them. */
export const longDoubles: readonly Codec[] = [longDouble(16), longDouble(12)];
