import type { Codec } from './codec';
import { float16At } from './float16';

/**
 * ggml's first types (`ggml-common.h`, `block_q4_0` to `block_q8_1`): 32 numbers with one scale. A byte of the 4-bit
 * types holds elements i and i + 16; the fifth bits are a word of their own. All arithmetic is that of float32.
 */

/** 4-bit numbers less 8, times the scale. */
const q4_0: Codec = {
  id: 'ggml:q4_0',
  elements: 32,
  bytes: 18,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let index = 0; index < 16; index += 1) {
      const pair = view.getUint8(from + 2 + index);
      into[at + index] = scale * ((pair & 15) - 8);
      into[at + index + 16] = scale * ((pair >> 4) - 8);
    }
  },
};

/** 4-bit numbers times the scale, and a minimum added. */
const q4_1: Codec = {
  id: 'ggml:q4_1',
  elements: 32,
  bytes: 20,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    const least = float16At(view, from + 2);
    for (let index = 0; index < 16; index += 1) {
      const pair = view.getUint8(from + 4 + index);
      into[at + index] = Math.fround(scale * (pair & 15)) + least;
      into[at + index + 16] = Math.fround(scale * (pair >> 4)) + least;
    }
  },
};

/** 5-bit numbers less 16, times the scale. */
const q5_0: Codec = {
  id: 'ggml:q5_0',
  elements: 32,
  bytes: 22,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    const fifth = view.getUint32(from + 2, true);
    for (let index = 0; index < 16; index += 1) {
      const pair = view.getUint8(from + 6 + index);
      into[at + index] = scale * (((pair & 15) | (((fifth >>> index) & 1) << 4)) - 16);
      into[at + index + 16] = scale * (((pair >> 4) | (((fifth >>> (index + 16)) & 1) << 4)) - 16);
    }
  },
};

/** 5-bit numbers times the scale, and a minimum added. */
const q5_1: Codec = {
  id: 'ggml:q5_1',
  elements: 32,
  bytes: 24,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    const least = float16At(view, from + 2);
    const fifth = view.getUint32(from + 4, true);
    for (let index = 0; index < 16; index += 1) {
      const pair = view.getUint8(from + 8 + index);
      into[at + index] = Math.fround(scale * ((pair & 15) | (((fifth >>> index) & 1) << 4))) + least;
      into[at + index + 16] = Math.fround(scale * ((pair >> 4) | (((fifth >>> (index + 16)) & 1) << 4))) + least;
    }
  },
};

/** Signed bytes times the scale. */
const q8_0: Codec = {
  id: 'ggml:q8_0',
  elements: 32,
  bytes: 34,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let index = 0; index < 32; index += 1) into[at + index] = scale * view.getInt8(from + 2 + index);
  },
};

/** As `q8_0`, with a sum of the elements behind the scale, which products need and values do not. */
const q8_1: Codec = {
  id: 'ggml:q8_1',
  elements: 32,
  bytes: 36,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let index = 0; index < 32; index += 1) into[at + index] = scale * view.getInt8(from + 4 + index);
  },
};

/** A sign each, times the scale. */
const q1_0: Codec = {
  id: 'ggml:q1_0',
  elements: 128,
  bytes: 18,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let index = 0; index < 128; index += 1) {
      const positive = (view.getUint8(from + 2 + (index >> 3)) >> (index & 7)) & 1;
      into[at + index] = positive ? scale : -scale;
    }
  },
};

/** Types with one scale for all of a block. */
export const legacyTypes: readonly Codec[] = [q4_0, q4_1, q5_0, q5_1, q8_0, q8_1, q1_0];
