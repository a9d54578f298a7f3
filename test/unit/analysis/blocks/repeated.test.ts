import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import { BufferSource } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { encoder } from '../../../fixtures/encoder';

const BLOCKS = 16;
/** Names that differ by more than a number: such blocks are not taken for copies, and every one is looked at. */
const inLetters = (block: number) => String.fromCharCode(97 + block);

async function analysed(bytes: Uint8Array): Promise<Analysis> {
  const model = await openModel(new BufferSource(bytes), { name: 'encoder.onnx' });
  return analyse(model, { name: 'encoder.onnx', bytes: bytes.byteLength });
}

/** Everything found, as text, with block names in letters put back into numbers. */
function text(found: unknown): string {
  return JSON.stringify(found).replaceAll(/blocks\.([a-z])\//g, (_, letter: string) => `blocks.${letter.charCodeAt(0) - 97}/`);
}

describe('blocks that repeat', () => {
  it('are found in copies as where each is looked at', async () => {
    const copied = await analysed(encoder(BLOCKS));
    const each = await analysed(encoder(BLOCKS, inLetters));
    expect(text(copied.profile.blocks)).toBe(text(each.profile.blocks));
    expect(text(copied.blocks.attention)).toBe(text(each.blocks.attention));
    expect(copied.profile.nodes.map(({ id, category, block }) => [id, category, block])).toEqual(
      each.profile.nodes.map(({ id, category, block }) => [id, category, block]),
    );
  });

  it('have their own names and tensors, however far in the middle', async () => {
    const { blocks } = await analysed(encoder(40));
    expect(blocks.attention).toHaveLength(40);
    blocks.attention.forEach((core, block) => {
      const { probabilities, query, key, value, output, heads, headSize, queries } = core;
      const at = (name: string) => `/blocks.${block}/${name}`;
      expect({ probabilities, query, key, value, output }).toEqual({
        probabilities: at('weights'),
        query: at('qh'),
        key: at('kh'),
        value: at('vh'),
        output: at('mixed'),
      });
      expect([heads, headSize, queries]).toEqual([4, 16, 196]);
    });
    expect(new Set(blocks.attention.map(({ block }) => block)).size).toBe(40);
  });

  it('hold each node once', async () => {
    const { profile } = await analysed(encoder(40));
    const outer = profile.blocks.flatMap(({ nodes }) => nodes);
    expect(new Set(outer).size).toBe(outer.length);
    const [stage] = profile.blocks;
    expect(stage?.children.filter(({ kind }) => kind === 'transformer')).toHaveLength(40);
    expect(stage?.children[0]?.repeat).toBe(40);
  });
});
