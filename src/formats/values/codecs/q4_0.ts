import type { Codec } from './codec';
import { float16At } from './float16';

/** 32 numbers of 4 bits less 8, times one float16 scale, which comes first; a byte holds elements i and i + 16 (ggml `block_q4_0`). */
export const q4_0: Codec = {
  id: 'ggml:q4_0',
  elements: 32,
  bytes: 18,
  decode: (block, into, at) => {
    const scale = float16At(block, 0);
    for (let index = 0; index < 16; index += 1) {
      const pair = block.getUint8(2 + index);
      into[at + index] = scale * ((pair & 15) - 8);
      into[at + index + 16] = scale * ((pair >> 4) - 8);
    }
  },
};
