import type { Knobs } from '../family';
import { type BuiltModel, GraphBuilder } from '../graph';
import { KnobReader } from '../knobReader';
import { translationOptions } from '../transformer/knobs';
import { translate } from '../transformer/network';
import { KNOBS } from './knobs';
import { convolutionLayers, lightConvolution, type StepLayer } from './network';

/** @throws UserError when heads do not divide the width. */
export function buildLightConv(given: Knobs): BuiltModel {
  return buildStepConvolutions('LightConv', given, lightConvolution);
}

/** An encoder and decoder whose layers mix tokens by `convolve`. */
export function buildStepConvolutions(family: string, given: Knobs, convolve: StepLayer): BuiltModel {
  const knobs = new KnobReader(family, KNOBS, given);
  const options = translationOptions(knobs);
  const b = new GraphBuilder({ name: family });
  const source = b.input('source', ['batch', options.sourceLength], 'int64');
  const target = b.input('target', ['batch', options.targetLength], 'int64');
  const layers = convolutionLayers(options, {
    encoderKernels: knobs.integers('encoderKernels'),
    decoderKernels: knobs.integers('decoderKernels'),
    glu: knobs.boolean('glu'),
    convolve,
  });
  b.output(translate(b, source, target, options, layers), 'logits');
  return b.build();
}
