import { open } from 'node:fs/promises';
import type { Section } from './section';

const PYTHON = `
from gguf import GGUFReader
def work(path):
    return GGUFReader(path)
`;

class Bytes {
  private readonly parts: Uint8Array[] = [];
  length = 0;

  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.length += bytes.length;
    return this;
  }

  u32(value: number): this {
    return this.raw(new Uint8Array(new Uint32Array([value]).buffer));
  }

  u64(value: number): this {
    return this.raw(new Uint8Array(new BigUint64Array([BigInt(value)]).buffer));
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.u64(bytes.length).raw(bytes);
  }

  all(): Uint8Array {
    return Buffer.concat(this.parts);
  }
}

/** A vocabulary with scores and kinds, and 300 tensors of q8_0 (`blocks` of 32 each), all zero. */
async function write(path: string, tokens: number, blocks: number, scales = false): Promise<void> {
  const bytes = new Bytes().raw(new TextEncoder().encode('GGUF')).u32(3).u64(300).u64(3);
  bytes.text('tokenizer.ggml.tokens').u32(9).u32(8).u64(tokens);
  for (let token = 0; token < tokens; token += 1) bytes.text(`token${token}`);
  bytes
    .text('tokenizer.ggml.scores')
    .u32(9)
    .u32(6)
    .u64(tokens)
    .raw(new Uint8Array(4 * tokens));
  bytes
    .text('tokenizer.ggml.token_type')
    .u32(9)
    .u32(5)
    .u64(tokens)
    .raw(new Uint8Array(4 * tokens));
  for (let tensor = 0; tensor < 300; tensor += 1)
    bytes
      .text(`blk.${tensor}.attn_q.weight`)
      .u32(2)
      .u64(32)
      .u64(blocks)
      .u32(8)
      .u64(tensor * 34 * blocks);
  const head = bytes.all();
  const start = Math.ceil(head.length / 32) * 32;
  const file = await open(path, 'w');
  await file.write(head, 0, head.length, 0);
  // Scales of 1: of zeros alone nothing would be multiplied.
  const filled = Uint8Array.from({ length: 34 * blocks }, (_, at) => (at % 34 === 1 ? 0x3c : at % 34 === 0 ? 0 : at % 251));
  if (scales) for (let tensor = 0; tensor < 300; tensor += 1) await file.write(filled, 0, filled.length, start + tensor * filled.length);
  await file.truncate(start + 300 * 34 * blocks);
  await file.close();
}

export const ggufSection: Section = {
  name: 'gguf',
  cases: [
    {
      what: '150,000 tokens, 300 tensors, 4 GB',
      file: 'tokens.gguf',
      make: (path) => write(path, 150_000, 400_000),
      target: 'below 100 ms',
      python: { name: 'GGUFReader', code: PYTHON },
    },
    {
      what: 'values of 204 MB of q8_0, dequantised',
      file: 'values.gguf',
      make: (path) => write(path, 10, 20_000, true),
      modes: ['read', 'statistics'],
    },
  ],
};
