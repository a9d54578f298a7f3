import type { Fact, Knobs } from '../family';
import { type BuiltModel, GraphBuilder, type Handle } from '../graph';
import { KnobReader } from '../knobReader';
import { sinusoids } from '../layers';
import { factsOf } from './facts';
import { KNOBS } from './knobs';
import { type LayerName, type SequenceOptions, sequenceLayer } from './network';

type Position = 'none' | 'learned' | 'sinusoidal' | 'relative 1-D' | 'relative 2-D';

/** @throws UserError when heads do not divide the width, or positions do not fit the layer. */
export function buildSequenceLayers(given: Knobs): BuiltModel {
  const knobs = new KnobReader('SequenceLayer', KNOBS, given);
  checkFit(knobs);
  const [length, dim] = [knobs.number('length'), knobs.number('dim')];
  const b = new GraphBuilder({ name: 'SequenceLayer' });
  const input = b.input('x', ['batch', length, dim]);
  const memory = knobs.number('memory') > 0 ? b.input('memory', ['batch', knobs.number('memory'), dim]) : null;
  const options = optionsOf(knobs, memory);
  let x = withPositions(b, input, knobs.choice<Position>('position'));
  b.scope('layers', () => {
    for (let layer = 0; layer < knobs.number('layers'); layer++) x = b.scope(String(layer), () => sequenceLayer(b, x, options));
  });
  b.output(x, 'y');
  return b.build();
}

/** Growth, path length and receptive field of a choice of knobs (arXiv 1706.03762, table 1). */
export function describeSequenceLayers(given: Knobs): readonly Fact[] {
  const knobs = new KnobReader('SequenceLayer', KNOBS, given);
  return factsOf({ ...optionsOf(knobs, null), layers: knobs.number('layers'), length: knobs.number('length') });
}

function optionsOf(knobs: KnobReader, memory: Handle | null): SequenceOptions {
  const position = knobs.choice<Position>('position');
  return {
    layer: knobs.choice<LayerName>('layer'),
    heads: knobs.number('heads'),
    kernel: knobs.number('kernel'),
    neighbourhood: knobs.number('neighbourhood'),
    causal: knobs.boolean('causal'),
    bias: knobs.boolean('bias'),
    relative: position === 'relative 1-D' ? '1-D' : position === 'relative 2-D' ? '2-D' : 'none',
    memory,
  };
}

function checkFit(knobs: KnobReader): void {
  const [layer, position] = [knobs.choice<LayerName>('layer'), knobs.choice<Position>('position')];
  const [dim, heads, length] = [knobs.number('dim'), knobs.number('heads'), knobs.number('length')];
  const headless = layer === '1-D convolution' || layer === 'depthwise convolution' || ['LSTM', 'GRU', 'RNN'].includes(layer);
  if (!headless && dim % heads !== 0) throw knobs.error(`${heads} heads do not divide a width of ${dim}`);
  if (position === 'sinusoidal' && dim % 2 !== 0) throw knobs.error(`sinusoidal positions need an even width, not ${dim}`);
  if (position.startsWith('relative') && layer !== 'self-attention') throw knobs.error('relative positions need self-attention');
  if (position === 'relative 2-D' && !Number.isInteger(Math.sqrt(length))) throw knobs.error(`${length} steps do not fill a square`);
  if (knobs.number('memory') === 0) return;
  if (layer !== 'self-attention') throw knobs.error('a memory needs self-attention');
  if (knobs.boolean('causal') || position.startsWith('relative'))
    throw knobs.error('a memory has no order that steps could be masked or placed by');
}

function withPositions(b: GraphBuilder, x: Handle, position: Position): Handle {
  const [steps, width] = [Number(x.shape[1]), Number(x.shape[2])];
  if (position === 'sinusoidal') return b.node('Add', [x, sinusoids(b, steps, width)]);
  if (position !== 'learned') return x;
  return b.node('Add', [x, b.weight('positions.weight', [steps, width], { kind: 'uniform', bound: Math.sqrt(3 / width) })]);
}
