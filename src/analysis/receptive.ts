import { maximumOf, minimumOf } from '../data';
import { attributesOf } from '../operators/attributes';
import { kernelFrom } from '../operators/common/convolution';
import { isChannelsLast } from '../operators/common/readConvolution';
import { readWindows } from '../operators/common/windows';
import type { AttentionCore } from './blocks/attentionCore';
import { type Flow, flowOf } from './blocks/flow';
import { isGlobalPool } from './blocks/gates';
import type { ShapeResult } from './shapes/types';

/** Along one spatial axis, in input pixels. */
export interface AxisField {
  /** Input pixels that one position of the feature map can see. */
  readonly size: number;
  /** Input pixels between neighbouring positions (effective stride). */
  readonly stride: number;
  /** First input pixel that position 0 sees; negative where it begins in the padding. */
  readonly start: number;
}

/**
 * Theoretical receptive field of a feature map: `local` along its spatial axes
 * (height and width as a rule), `window` where windowed attention joined the
 * positions of a window (the size is the largest any position has), `global`
 * behind attention over all tokens and global pooling.
 */
export type ReceptiveField = { readonly kind: 'local' | 'window'; readonly axes: readonly AxisField[] } | { readonly kind: 'global' };

/** Fields by value name. */
export interface ReceptiveFields {
  get(name: string): ReceptiveField | undefined;
}

interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly before: readonly number[];
  readonly dilations: readonly number[];
}

const GLOBAL: ReceptiveField = { kind: 'global' };

function samePadding(input: number, kernel: number, stride: number, dilation: number, lower: boolean): number {
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + (kernel - 1) * dilation + 1 - input);
  return lower ? Math.ceil(total / 2) : Math.floor(total / 2);
}

/** Kernel, stride and leading padding of a convolution or pooling, per spatial axis. */
function windowOf(flow: Flow, index: number): Window | null {
  const node = flow.nodes[index];
  const meaning = flow.meanings[index];
  if (!node || (meaning?.kind !== 'convolution' && meaning?.kind !== 'pool')) return null;
  const attributes = attributesOf(node, flow.scope.attributes);
  const weight = meaning.kind === 'convolution' ? flow.shape(node.inputs[meaning.weight] ?? '') : null;
  const kernel = kernelFrom(weight, attributes.ints('kernel_shape'))?.map(Number);
  if (!kernel) return null;
  const { strides, dilations, pads, autoPad } = readWindows({ attributes, report: () => {} }, kernel);
  const input = flow.shape(node.inputs[0] ?? '');
  const extents = isChannelsLast(meaning, attributes) ? input?.slice(1, -1) : input?.slice(2);
  const before = kernel.map((size, axis) => {
    if (!autoPad.startsWith('SAME')) return pads[axis] ?? 0;
    return samePadding(extents?.[axis] ?? 0, size, strides[axis] ?? 1, dilations[axis] ?? 1, autoPad === 'SAME_LOWER');
  });
  return { kernel, strides, before, dilations };
}

function convolved(field: AxisField, window: Window, axis: number): AxisField {
  const reach = ((window.kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1);
  return {
    size: field.size + reach * field.stride,
    start: field.start - (window.before[axis] ?? 0) * field.stride,
    stride: field.stride * (window.strides[axis] ?? 1),
  };
}

/** A transposed convolution spreads each input position over `kernel` outputs, `stride` apart. */
function spread(field: AxisField, window: Window, axis: number): AxisField {
  const stride = window.strides[axis] ?? 1;
  const reach = ((window.kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1);
  const first = Math.ceil(((window.before[axis] ?? 0) - reach) / stride);
  const last = Math.floor(((window.before[axis] ?? 0) + stride - 1) / stride);
  return { size: field.size + (last - first) * field.stride, start: field.start + first * field.stride, stride: field.stride / stride };
}

/** Positions that see what either way sees; `null` where the ways do not share a grid. */
function union(fields: readonly ReceptiveField[]): ReceptiveField | null {
  const [first] = fields;
  if (!first || fields.some((field) => field.kind === 'global')) return first ? GLOBAL : null;
  const local = fields.flatMap((field) => (field.kind === 'global' ? [] : [field]));
  const rank = local[0]?.axes.length ?? 0;
  if (local.some((field) => field.axes.length !== rank)) return null;
  const axes = Array.from({ length: rank }, (_, axis) => {
    const parts = local.flatMap((field) => field.axes[axis] ?? []);
    const start = minimumOf(parts.map((part) => part.start));
    const end = maximumOf(parts.map((part) => part.start + part.size));
    return { start, size: end - start, stride: maximumOf(parts.map((part) => part.stride)) };
  });
  return { kind: local.some((field) => field.kind === 'window') ? 'window' : 'local', axes };
}

class Walker {
  /** By value number. */
  private readonly fields: (ReceptiveField | undefined)[];

  constructor(
    private readonly flow: Flow,
    /** Windows' tokens by the node that forms an attention's weighted sum; 0 for attention over all tokens. */
    private readonly attention: ReadonlyMap<string, number>,
  ) {
    const { wiring, inputs } = flow.scope;
    this.fields = new Array<ReceptiveField | undefined>(wiring.values.length).fill(undefined);
    for (const name of inputs) {
      const shape = flow.shape(name);
      if (!shape || shape.length < 3) continue;
      this.put(wiring.value(name), { kind: 'local', axes: shape.slice(2).map(() => ({ size: 1, stride: 1, start: 0 })) });
    }
  }

  private put(value: number, field: ReceptiveField): void {
    if (value >= 0) this.fields[value] = field;
  }

  get(name: string): ReceptiveField | undefined {
    return this.fields[this.flow.scope.wiring.value(name)];
  }

  run(): void {
    const { starts, items } = this.flow.scope.wiring.outputs;
    for (const index of this.flow.shown) {
      const field = this.step(index);
      if (!field) continue;
      for (let at = starts[index] as number; at < (starts[index + 1] as number); at++) this.put(items[at] as number, field);
    }
  }

  /** What a node's inputs see together; most have one input, or several that see the same. */
  private seen(index: number): ReceptiveField | null {
    const { starts, items } = this.flow.scope.wiring.inputs;
    const found: ReceptiveField[] = [];
    for (let at = starts[index] as number; at < (starts[index + 1] as number); at++) {
      const field = this.fields[items[at] as number];
      if (field && !found.includes(field)) found.push(field);
    }
    return found.length > 1 ? union(found) : (found[0] ?? null);
  }

  private step(index: number): ReceptiveField | null {
    const { flow } = this;
    const node = flow.nodes[index];
    const field = this.seen(index);
    if (!node || !field || field.kind === 'global') return field;
    const tokens = this.attention.get(flow.ids[index] ?? '');
    if (tokens !== undefined) return tokens === 0 ? GLOBAL : windowed(field, tokens);
    if (isGlobalPool(flow, index)) return GLOBAL;
    const kind = flow.meanings[index]?.kind;
    if (kind === 'convolution' || kind === 'pool') return this.slide(index, field);
    if (kind === 'resample') return this.resized(index, field);
    return field;
  }

  private slide(index: number, field: Exclude<ReceptiveField, { kind: 'global' }>): ReceptiveField | null {
    const window = windowOf(this.flow, index);
    if (!window) return null;
    const meaning = this.flow.meanings[index];
    const change = meaning?.kind === 'convolution' && meaning.transposed ? spread : convolved;
    if (window.kernel.length !== field.axes.length) return field;
    return { kind: field.kind, axes: field.axes.map((axis, at) => change(axis, window, at)) };
  }

  /** Scales the grid; interpolation sees the next position, too. */
  private resized(index: number, field: Exclude<ReceptiveField, { kind: 'global' }>): ReceptiveField | null {
    const node = this.flow.nodes[index];
    const input = this.flow.shape(node?.inputs[0] ?? '');
    const output = this.flow.shape(node?.outputs[0] ?? '');
    if (!node || !input || !output || input.length - 2 !== field.axes.length) return null;
    const mode = attributesOf(node, this.flow.scope.attributes).string('mode', 'nearest');
    const more = mode === 'cubic' ? 3 : mode === 'linear' || mode === 'bilinear' ? 1 : 0;
    const axes = field.axes.map((axis, at) => {
      const scale = (output[at + 2] ?? 1) / (input[at + 2] ?? 1);
      const extra = scale === 1 ? 0 : more * axis.stride;
      return { size: axis.size + extra, start: axis.start - (more > 1 ? axis.stride : 0), stride: axis.stride / scale };
    });
    return { kind: field.kind, axes };
  }
}

/** Each position sees what any other of its window sees: at most the window's side more. */
function windowed(field: ReceptiveField, tokens: number): ReceptiveField {
  if (field.kind === 'global') return field;
  const side = Math.round(tokens ** (1 / field.axes.length));
  const axes = field.axes.map((axis) => ({
    ...axis,
    size: axis.size + 2 * (side - 1) * axis.stride,
    start: axis.start - (side - 1) * axis.stride,
  }));
  return { kind: 'window', axes };
}

/**
 * Receptive fields of every value of the main graph that depends on an image,
 * by value name (Araujo, Norris and Sim, "Computing Receptive Fields of
 * Convolutional Neural Networks", Distill 2019, with the union over ways where
 * a network branches). Spatial axes are those behind channels: [N, C, H, W].
 */
export function receptiveFields(shapes: ShapeResult, cores: readonly AttentionCore[]): ReceptiveFields {
  const attention = new Map<string, number>();
  for (const core of cores) {
    if (core.over === 'channels' || core.weightedSumNode === '') attention.set(core.weightedSumNode, 0);
    else attention.set(core.weightedSumNode, core.batchWindows > 1 && core.partition === 'window' ? core.keys : 0);
  }
  const walker = new Walker(flowOf(shapes, shapes.main, null), attention);
  walker.run();
  return walker;
}
