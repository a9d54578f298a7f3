import type { Codec } from './codec';
import { float16At } from './float16';

const POWERS = [1, 3, 9, 27, 81];

/** 256 numbers of -1, 0 and 1, five in a byte as the digits of a fraction to the base 3, times one float16. */
const tq1_0: Codec = {
  id: 'ggml:tq1_0',
  elements: 256,
  bytes: 54,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from + 52);
    digits(view, from, 32, 5, scale, into, at);
    digits(view, from + 32, 16, 5, scale, into, at + 160);
    digits(view, from + 48, 4, 4, scale, into, at + 240);
  },
};

/** `count` bytes with `places` digits each; the first digits of all of them come first. */
function digits(
  view: DataView,
  from: number,
  count: number,
  places: number,
  scale: number,
  into: Float32Array | Float64Array,
  at: number,
): void {
  for (let place = 0; place < places; place += 1) {
    for (let index = 0; index < count; index += 1) {
      const rest = (view.getUint8(from + index) * (POWERS[place] ?? 0)) & 255;
      into[at + place * count + index] = scale * (((rest * 3) >> 8) - 1);
    }
  }
}

/** 256 numbers of -1, 0 and 1 (2 by what 2 bits can say), times one float16. */
const tq2_0: Codec = {
  id: 'ggml:tq2_0',
  elements: 256,
  bytes: 66,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from + 64);
    for (let index = 0; index < 256; index += 1) {
      const byte = view.getUint8(from + 32 * (index >> 7) + (index & 31));
      into[at + index] = scale * (((byte >> (2 * ((index >> 5) & 3))) & 3) - 1);
    }
  },
};

/** Ternary types (BitNet's). */
export const ternaryTypes: readonly Codec[] = [tq1_0, tq2_0];
