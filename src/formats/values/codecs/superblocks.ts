import type { Codec } from './codec';
import { float16At } from './float16';

/**
 * ggml's K types (`ggml-common.h`, `block_q2_K` to `block_q8_K`): 256 numbers in groups of 16 or 32, each with a small
 * scale (and a minimum) that one float16 scales in turn.
 */
const ELEMENTS = 256;

/** 2-bit numbers; 16 groups with 4 bits of scale and 4 of minimum. */
const q2_K: Codec = {
  id: 'ggml:q2_K',
  elements: ELEMENTS,
  bytes: 84,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from + 80);
    const least = float16At(view, from + 82);
    for (let group = 0; group < 16; group += 1) {
      const packed = view.getUint8(from + group);
      const factor = Math.fround(scale * (packed & 15));
      const offset = Math.fround(least * (packed >> 4));
      const { place, shift } = quarter(group);
      for (let index = 0; index < 16; index += 1) {
        const code = (view.getUint8(from + 16 + place + index) >> shift) & 3;
        into[at + group * 16 + index] = Math.fround(factor * code) - offset;
      }
    }
  },
};

/** 3-bit numbers, the third bit, which is low where 4 goes off, apart; 16 groups with 6 bits of scale less 32. */
const q3_K: Codec = {
  id: 'ggml:q3_K',
  elements: ELEMENTS,
  bytes: 110,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from + 108);
    for (let group = 0; group < 16; group += 1) {
      const low = view.getUint8(from + 96 + (group & 7)) >> (group < 8 ? 0 : 4);
      const high = view.getUint8(from + 104 + (group & 3)) >> (2 * (group >> 2));
      const factor = Math.fround(scale * (((low & 15) | ((high & 3) << 4)) - 32));
      const { place, shift } = quarter(group);
      for (let index = 0; index < 16; index += 1) {
        const third = (view.getUint8(from + 16 * (group & 1) + index) >> (group >> 1)) & 1;
        const code = (view.getUint8(from + 32 + place + index) >> shift) & 3;
        into[at + group * 16 + index] = factor * (code - (third ? 0 : 4));
      }
    }
  },
};

/** Where the 2-bit codes of a group of 16 begin: 128 elements share 32 bytes, in turns of 32 elements from the low bits up. */
function quarter(group: number): { readonly place: number; readonly shift: number } {
  return { place: 32 * (group >> 3) + 16 * (group & 1), shift: 2 * ((group >> 1) & 3) };
}

/** Scale (`high` false) or minimum of a group of 32: 6 bits each in 12 bytes. */
function sixBits(view: DataView, from: number, group: number, high: boolean): number {
  const row = high ? 4 : 0;
  const own = view.getUint8(from + row + (group & 3));
  if (group < 4) return own & 63;
  const shared = view.getUint8(from + 8 + (group & 3));
  return (high ? shared >> 4 : shared & 15) | ((own >> 2) & 0x30);
}

/** 4-bit numbers; 8 groups with 6 bits of scale and of minimum. */
const q4_K: Codec = {
  id: 'ggml:q4_K',
  elements: ELEMENTS,
  bytes: 144,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    const least = float16At(view, from + 2);
    for (let group = 0; group < 8; group += 1) {
      const factor = Math.fround(scale * sixBits(view, from + 4, group, false));
      const offset = Math.fround(least * sixBits(view, from + 4, group, true));
      const codes = from + 16 + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      for (let index = 0; index < 32; index += 1) {
        into[at + group * 32 + index] = Math.fround(factor * ((view.getUint8(codes + index) >> shift) & 15)) - offset;
      }
    }
  },
};

/** As `q4_K` with a fifth bit apart. */
const q5_K: Codec = {
  id: 'ggml:q5_K',
  elements: ELEMENTS,
  bytes: 176,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    const least = float16At(view, from + 2);
    for (let group = 0; group < 8; group += 1) {
      const factor = Math.fround(scale * sixBits(view, from + 4, group, false));
      const offset = Math.fround(least * sixBits(view, from + 4, group, true));
      const codes = from + 48 + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      for (let index = 0; index < 32; index += 1) {
        const fifth = (view.getUint8(from + 16 + index) >> group) & 1;
        const code = ((view.getUint8(codes + index) >> shift) & 15) | (fifth << 4);
        into[at + group * 32 + index] = Math.fround(factor * code) - offset;
      }
    }
  },
};

/** 6-bit numbers less 32, the upper two bits apart; 16 groups with a signed byte of scale. */
const q6_K: Codec = {
  id: 'ggml:q6_K',
  elements: ELEMENTS,
  bytes: 210,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from + 208);
    for (let group = 0; group < 16; group += 1) {
      const factor = Math.fround(scale * view.getInt8(from + 192 + group));
      // 128 elements share 64 bytes of low bits, in two turns of 64, and 32 of high bits, in four of 32.
      const half = group >> 3;
      const turn = (group >> 1) & 3;
      const low = from + 64 * half + 32 * (turn & 1) + 16 * (group & 1);
      const high = from + 128 + 32 * half + 16 * (group & 1);
      for (let index = 0; index < 16; index += 1) {
        const four = (view.getUint8(low + index) >> (4 * (turn >> 1))) & 15;
        const two = (view.getUint8(high + index) >> (2 * turn)) & 3;
        into[at + group * 16 + index] = factor * ((four | (two << 4)) - 32);
      }
    }
  },
};

/** Signed bytes times a float32 scale; sums of the groups follow. */
const q8_K: Codec = {
  id: 'ggml:q8_K',
  elements: ELEMENTS,
  bytes: 292,
  decode: (view, from, into, at) => {
    const scale = view.getFloat32(from, true);
    for (let index = 0; index < ELEMENTS; index += 1) into[at + index] = scale * view.getInt8(from + 4 + index);
  },
};

/** Types with scales of scales. */
export const superblockTypes: readonly Codec[] = [q2_K, q3_K, q4_K, q5_K, q6_K, q8_K];
