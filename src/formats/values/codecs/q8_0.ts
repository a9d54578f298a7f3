import type { Codec } from './codec';
import { float16At } from './float16';

/** 32 signed bytes times one float16 scale, which comes first (ggml `block_q8_0`). */
export const q8_0: Codec = {
  id: 'ggml:q8_0',
  elements: 32,
  bytes: 34,
  decode: (block, into, at) => {
    const scale = float16At(block, 0);
    for (let index = 0; index < 32; index += 1) into[at + index] = scale * block.getInt8(2 + index);
  },
};
