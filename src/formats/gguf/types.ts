import type { DType } from '../../model';
import { codecOf } from '../values/codecs';

/** How a type of ggml is stored. */
export type StoredType =
  | { readonly kind: 'plain'; readonly dtype: DType; readonly elements: 1; readonly bytes: number }
  | { readonly kind: 'blocks'; readonly codec: string; readonly elements: number; readonly bytes: number }
  | { readonly kind: 'unknown'; readonly name: string };

function plain(dtype: DType, bytes: number): StoredType {
  return { kind: 'plain', dtype, elements: 1, bytes };
}

/** Types by their numbers (`ggml.h`, `ggml_type`): those whose elements stand alone, and names of all others. */
const PLAIN: ReadonlyMap<number, StoredType> = new Map([
  [0, plain('float32', 4)],
  [1, plain('float16', 2)],
  [24, plain('int8', 1)],
  [25, plain('int16', 2)],
  [26, plain('int32', 4)],
  [27, plain('int64', 8)],
  [28, plain('float64', 8)],
  [30, plain('bfloat16', 2)],
]);

const BLOCKS: ReadonlyMap<number, string> = new Map([
  [2, 'q4_0'],
  [3, 'q4_1'],
  [4, 'q4_2'],
  [5, 'q4_3'],
  [6, 'q5_0'],
  [7, 'q5_1'],
  [8, 'q8_0'],
  [9, 'q8_1'],
  [10, 'q2_K'],
  [11, 'q3_K'],
  [12, 'q4_K'],
  [13, 'q5_K'],
  [14, 'q6_K'],
  [15, 'q8_K'],
  [16, 'iq2_xxs'],
  [17, 'iq2_xs'],
  [18, 'iq3_xxs'],
  [19, 'iq1_s'],
  [20, 'iq4_nl'],
  [21, 'iq3_s'],
  [22, 'iq2_s'],
  [23, 'iq4_xs'],
  [29, 'iq1_m'],
  [31, 'q4_0_4_4'],
  [32, 'q4_0_4_8'],
  [33, 'q4_0_8_8'],
  [34, 'tq1_0'],
  [35, 'tq2_0'],
  [36, 'iq4_nl_4_4'],
  [37, 'iq4_nl_4_8'],
  [38, 'iq4_nl_8_8'],
  [39, 'mxfp4'],
  [40, 'nvfp4'],
  [41, 'q1_0'],
]);

/** How elements of the type with this number are stored; withdrawn types have a name alone, later ones a number. */
export function typeOf(number: number): StoredType {
  const known = PLAIN.get(number);
  if (known) return known;
  const name = BLOCKS.get(number);
  const codec = codecOf(`ggml:${name}`);
  return codec
    ? { kind: 'blocks', codec: codec.id, elements: codec.elements, bytes: codec.bytes }
    : { kind: 'unknown', name: name ?? String(number) };
}
