import { describe, expect, it } from 'vitest';
import { findBlocks } from '../../../src/analysis/blocks';
import { countCosts } from '../../../src/analysis/cost';
import { type ReceptiveField, receptiveFields } from '../../../src/analysis/receptive';
import { inferShapes } from '../../../src/analysis/shapes';
import { torchvisionExports } from '../../fixtures/exports';
import { analyseFile, blocksOf } from './blocks/support';
import { model, type NodeSpec, value, weight } from './models';

type Layer = readonly [op: 'Conv' | 'MaxPool' | 'AveragePool', kernel: number, stride: number, pad?: number];

/** A chain of layers on one channel; returns the field of its last value. */
function chainField(layers: readonly Layer[], size: number): ReceptiveField | undefined {
  const nodes = layers.map(([op, kernel, stride, pad = 0], at): NodeSpec => {
    const from = at === 0 ? 'image' : `v${at - 1}`;
    const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] };
    return { op, inputs: op === 'Conv' ? [from, `w${kernel}`] : [from], outputs: [`v${at}`], attributes };
  });
  const kernels = new Set(layers.map(([, kernel]) => kernel));
  const last = `v${layers.length - 1}`;
  const built = model({
    inputs: [value('image', 'float32', [1, 1, size, size])],
    outputs: [last],
    initializers: [...kernels].map((kernel) => weight(`w${kernel}`, [1, 1, kernel, kernel])),
    nodes,
  });
  const shapes = inferShapes(built);
  return receptiveFields(shapes, findBlocks(built, shapes, countCosts(shapes)).attention).get(last);
}

function side(field: ReceptiveField | undefined): number {
  if (field?.kind !== 'local') throw new Error('no local field');
  const [height, width] = field.axes;
  expect(height).toEqual(width);
  return height?.size ?? 0;
}

const repeat = <T>(count: number, ...items: readonly T[]): readonly T[] => Array.from({ length: count }, () => items).flat();
const conv3: Layer = ['Conv', 3, 1, 1];
const down3: Layer = ['Conv', 3, 2, 1];
const point: Layer = ['Conv', 1, 1];

/** slim's resnet_v1: bottlenecks, the last of each of the first three blocks with stride 2. */
function slimResnet(depths: readonly number[]): readonly Layer[] {
  const blocks = depths.flatMap((depth, at) => {
    const last = at < depths.length - 1 ? down3 : conv3;
    return [...repeat(depth - 1, point, conv3, point), point, last, point];
  });
  return [['Conv', 7, 2, 3], ['MaxPool', 3, 2, 1], ...blocks];
}

// "Computing Receptive Fields of Convolutional Neural Networks" (Araujo, Norris and Sim, Distill 2019), table of models.
describe('receptive fields as published', () => {
  it('AlexNet v2: 195, effective stride 32', () => {
    const field = chainField(
      [['Conv', 11, 4], ['MaxPool', 3, 2], ['Conv', 5, 1, 2], ['MaxPool', 3, 2], conv3, conv3, conv3, ['MaxPool', 3, 2]],
      224,
    );
    expect(side(field)).toBe(195);
    expect(field?.kind === 'local' && field.axes[0]?.stride).toBe(32);
  });

  it('VGG-16: 212, effective stride 32', () => {
    const pool: Layer = ['MaxPool', 2, 2];
    const field = chainField([...repeat(2, conv3, conv3, pool), ...repeat(3, conv3, conv3, conv3, pool)], 224);
    expect(side(field)).toBe(212);
    // Its padding lets position 0 begin 90 pixels before the image.
    expect(field?.kind === 'local' && field.axes[0]).toEqual({ size: 212, stride: 32, start: -90 });
  });

  it('MobileNet v1: 315, effective stride 32', () => {
    const strides = [2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];
    const layers = strides.flatMap((stride): Layer[] => [['Conv', 3, stride, 1], point]);
    expect(side(chainField(layers, 224))).toBe(315);
  });

  it('ResNet v1 50, 101 and 152: 483, 1027 and 1507', () => {
    expect(side(chainField(slimResnet([3, 4, 6, 3]), 224))).toBe(483);
    expect(side(chainField(slimResnet([3, 4, 23, 3]), 224))).toBe(1027);
    expect(side(chainField(slimResnet([3, 8, 36, 3]), 224))).toBe(1507);
  });
});

const exported = await torchvisionExports(['resnet18', 'vit_b_16', 'swin_t', 'efficientnet_b0']);

describe.skipIf(!exported.available)('receptive fields of exports', () => {
  it('ResNet-18: 435 before the pool, global behind it', async () => {
    if (!exported.available) return;
    const analysis = await analyseFile(exported.path('resnet18'));
    const fields = receptiveFields(analysis.shapes, analysis.blocks.attention);
    const pool = analysis.model.graph.nodes.find((node) => node.op === 'GlobalAveragePool');
    expect(side(fields.get(pool?.inputs[0] ?? ''))).toBe(435);
    expect(fields.get(pool?.outputs[0] ?? '')).toEqual({ kind: 'global' });
  });

  it('global behind attention over all tokens and squeeze-excite, a window behind windowed attention', async () => {
    if (!exported.available) return;
    const vit = await analyseFile(exported.path('vit_b_16'));
    expect(vit.profile.blocks[0]?.attributes['receptiveField']).toBe(16);
    for (const block of blocksOf(vit.profile.blocks, 'attention')) expect(block.attributes['receptiveField']).toBe('global');
    const net = await analyseFile(exported.path('efficientnet_b0'));
    expect(blocksOf(net.profile.blocks, 'mbconv')[0]?.attributes['receptiveField']).toBe('global');
    const swin = await analyseFile(exported.path('swin_t'));
    const fields = receptiveFields(swin.shapes, swin.blocks.attention);
    expect(fields.get(swin.blocks.attention[0]?.output ?? '')).toMatchObject({ kind: 'window' });
  });
});
