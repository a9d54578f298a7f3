import type { Codec } from './codec';
import { float16At } from './float16';
import { GRIDS } from './grids';

/**
 * ggml's IQ types of 1 to 3 bits (`ggml-common.h`, `block_iq1_s` to `block_iq3_s`): 256 numbers, 8 or 4 at once a point
 * of a table, with signs beside it, in groups that a few bits scale.
 */
const ELEMENTS = 256;

type Values = Float32Array | Float64Array;

/** The bytes of signs that 7 bits stand for: the eighth makes their number even. */
function evenSigns(code: number): number {
  let ones = code;
  ones ^= ones >> 4;
  ones ^= ones >> 2;
  ones ^= ones >> 1;
  return code | ((ones & 1) << 7);
}

/** Writes one point of a table, `size` numbers; a set bit of `signs` turns its number round. */
function point(grid: Int8Array, index: number, size: number, scale: number, signs: number, into: Values, at: number): void {
  for (let element = 0; element < size; element += 1) {
    const value = scale * (grid[index * size + element] ?? 0);
    into[at + element] = (signs >> element) & 1 ? -value : value;
  }
}

const iq2_xxs: Codec = {
  id: 'ggml:iq2_xxs',
  elements: ELEMENTS,
  bytes: 66,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let group = 0; group < 8; group += 1) {
      const codes = from + 2 + 8 * group;
      const packed = view.getUint32(codes + 4, true);
      const factor = Math.fround(scale * (0.5 + (packed >>> 28))) * 0.25;
      for (let part = 0; part < 4; part += 1) {
        const signs = evenSigns((packed >>> (7 * part)) & 127);
        point(GRIDS.iq2_xxs, view.getUint8(codes + part), 8, factor, signs, into, at + 32 * group + 8 * part);
      }
    }
  },
};

const iq2_xs: Codec = {
  id: 'ggml:iq2_xs',
  elements: ELEMENTS,
  bytes: 74,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let part = 0; part < 32; part += 1) {
      const code = view.getUint16(from + 2 + 2 * part, true);
      point(GRIDS.iq2_xs, code & 511, 8, quarterScale(scale, view, from + 66, part), evenSigns(code >> 9), into, at + 8 * part);
    }
  },
};

const iq2_s: Codec = {
  id: 'ggml:iq2_s',
  elements: ELEMENTS,
  bytes: 82,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let part = 0; part < 32; part += 1) {
      const high = (view.getUint8(from + 66 + (part >> 2)) >> (2 * (part & 3))) & 3;
      const index = view.getUint8(from + 2 + part) | (high << 8);
      const signs = view.getUint8(from + 34 + part);
      point(GRIDS.iq2_s, index, 8, quarterScale(scale, view, from + 74, part), signs, into, at + 8 * part);
    }
  },
};

/** The scale of 8 elements: 16 share four bits, which count from a half in quarters. */
function quarterScale(scale: number, view: DataView, from: number, part: number): number {
  const bits = (view.getUint8(from + (part >> 2)) >> (4 * ((part >> 1) & 1))) & 15;
  return Math.fround(scale * (0.5 + bits)) * 0.25;
}

const iq3_xxs: Codec = {
  id: 'ggml:iq3_xxs',
  elements: ELEMENTS,
  bytes: 98,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let group = 0; group < 8; group += 1) {
      const packed = view.getUint32(from + 66 + 4 * group, true);
      const factor = Math.fround(scale * (0.5 + (packed >>> 28))) * 0.5;
      for (let part = 0; part < 8; part += 1) {
        const signs = evenSigns((packed >>> (7 * (part >> 1))) & 127) >> (4 * (part & 1));
        point(GRIDS.iq3_xxs, view.getUint8(from + 2 + 8 * group + part), 4, factor, signs, into, at + 32 * group + 4 * part);
      }
    }
  },
};

const iq3_s: Codec = {
  id: 'ggml:iq3_s',
  elements: ELEMENTS,
  bytes: 110,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let part = 0; part < 64; part += 1) {
      const group = part >> 3;
      const bits = (view.getUint8(from + 106 + (group >> 1)) >> (4 * (group & 1))) & 15;
      const factor = Math.fround(scale * (1 + 2 * bits));
      const ninth = (view.getUint8(from + 66 + group) >> (part & 7)) & 1;
      const signs = view.getUint8(from + 74 + (part >> 1)) >> (4 * (part & 1));
      point(GRIDS.iq3_s, view.getUint8(from + 2 + part) | (ninth << 8), 4, factor, signs, into, at + 4 * part);
    }
  },
};

/** Writes one point of the ternary table, moved by an eighth. */
function ternary(index: number, factor: number, shift: number, into: Values, at: number): void {
  for (let element = 0; element < 8; element += 1) into[at + element] = factor * ((GRIDS.iq1_s[8 * index + element] ?? 0) + shift);
}

const iq1_s: Codec = {
  id: 'ggml:iq1_s',
  elements: ELEMENTS,
  bytes: 50,
  decode: (view, from, into, at) => {
    const scale = float16At(view, from);
    for (let group = 0; group < 8; group += 1) {
      const head = view.getUint16(from + 34 + 2 * group, true);
      const factor = Math.fround(scale * (2 * ((head >> 12) & 7) + 1));
      for (let part = 0; part < 4; part += 1) {
        const index = view.getUint8(from + 2 + 4 * group + part) | (((head >> (3 * part)) & 7) << 8);
        ternary(index, factor, head & 0x8000 ? -0.125 : 0.125, into, at + 32 * group + 8 * part);
      }
    }
  },
};

/** The one type whose float16 scale is in four pieces: the top four bits of each word of small scales. */
const iq1_m: Codec = {
  id: 'ggml:iq1_m',
  elements: ELEMENTS,
  bytes: 56,
  decode: (view, from, into, at) => {
    let bits = 0;
    for (let word = 0; word < 4; word += 1) bits |= (view.getUint16(from + 48 + 2 * word, true) >> 12) << (4 * word);
    HALF.setUint16(0, bits, true);
    const scale = float16At(HALF, 0);
    for (let part = 0; part < 32; part += 1) {
      const pair = part >> 1;
      const small = (view.getUint16(from + 48 + 2 * (pair >> 2), true) >> (3 * (pair & 3))) & 7;
      const head = view.getUint8(from + 32 + pair) >> (4 * (part & 1));
      const index = view.getUint8(from + part) | ((head & 7) << 8);
      ternary(index, Math.fround(scale * (2 * small + 1)), head & 8 ? -0.125 : 0.125, into, at + 8 * part);
    }
  },
};

const HALF = new DataView(new ArrayBuffer(2));

/** Types whose codes are points of a table. */
export const latticeTypes: readonly Codec[] = [iq2_xxs, iq2_xs, iq2_s, iq3_xxs, iq3_s, iq1_s, iq1_m];
