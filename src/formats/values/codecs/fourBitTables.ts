import { floatTable } from '../floats';
import type { Codec } from './codec';
import { float16At } from './float16';

/** What the 16 codes of ggml's non-linear types stand for (`kvalues_iq4nl`). */
const NON_LINEAR = Float32Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

/** 32 codes of a table times one float16. */
const iq4_nl: Codec = {
  id: 'ggml:iq4_nl',
  elements: 32,
  bytes: 18,
  decode: (view, from, into, at) => looked(NON_LINEAR, float16At(view, from), view, from + 2, 16, into, at),
};

/** 256 codes of a table in groups of 32, each with 6 bits of scale less 32. */
const iq4_xs: Codec = {
  id: 'ggml:iq4_xs',
  elements: 256,
  bytes: 136,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    const high = view.getUint16(from + 2, true);
    for (let group = 0; group < 8; group += 1) {
      const low = (view.getUint8(from + 4 + (group >> 1)) >> (4 * (group & 1))) & 15;
      const factor = Math.fround(scale * ((low | (((high >> (2 * group)) & 3) << 4)) - 32));
      looked(NON_LINEAR, factor, view, from + 8 + 16 * group, 16, into, at + 32 * group);
    }
  },
};

/** OCP MX: 32 float4 times one power of two (e8m0). */
const mxfp4: Codec = {
  id: 'ggml:mxfp4',
  elements: 32,
  bytes: 17,
  // Unlike OCP's, ggml's scale has no NaN: 255 is 2^128, which as half of it times two stays finite.
  decode: (view, from, into, at) => looked(floatTable('float4e2m1'), 2 ** (view.getUint8(from) - 127), view, from + 1, 16, into, at),
};

/** 64 float4 in groups of 16, each with a float8 (e4m3) scale without sign. */
const nvfp4: Codec = {
  id: 'ggml:nvfp4',
  elements: 64,
  bytes: 36,
  decode: (view, from, into, at) => {
    for (let group = 0; group < 4; group += 1) {
      looked(floatTable('float4e2m1'), unsignedFloat8(view.getUint8(from + group)), view, from + 4 + 8 * group, 8, into, at + 16 * group);
    }
  },
};

/** The bit of the sign means nothing, and the code of NaN zero. */
function unsignedFloat8(code: number): number {
  if ((code & 0x7f) === 0x7f) return code === 0x7f ? 0 : 480;
  return floatTable('float8e4m3fn')[code & 0x7f] ?? 0;
}

/** `count` bytes of two codes each: the low ones first, the high ones behind them all. */
function looked(
  table: Float32Array,
  scale: number,
  view: DataView,
  from: number,
  count: number,
  into: Float32Array | Float64Array,
  at: number,
): void {
  for (let index = 0; index < count; index += 1) {
    const pair = view.getUint8(from + index);
    into[at + index] = scale * (table[pair & 15] ?? 0);
    into[at + count + index] = scale * (table[pair >> 4] ?? 0);
  }
}

/** Types whose 4-bit codes are looked up. */
export const fourBitTables: readonly Codec[] = [iq4_nl, iq4_xs, mxfp4, nvfp4];
