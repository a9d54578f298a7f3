import type { Block, Count, Profile } from '../profile';
import { inputSize } from './inputSize';
import { spendersOf } from './spenders';
import { stagesOf } from './stages';
import { COMPARED, type ComparedFigures, type Differences } from './types';

/** The figures of one profile that a comparison shows. */
export function comparedFigures(profile: Profile, top1: number | null = null, input = inputSize(profile.model.inputs)): ComparedFigures {
  const { parameters, trainableParameters, macs, flops, weightBytes, peakActivationBytes } = profile.totals;
  return {
    parameters,
    trainableParameters,
    macs,
    flops,
    weightBytes,
    peakActivationBytes,
    budget: profile.budget,
    receptiveField: lastReceptiveField(profile.blocks),
    top1,
    notCounted: profile.notCounted.length,
    lowerBounds: COMPARED.filter((measure) => profile.lowerBounds.includes(measure)),
    input,
    stages: stagesOf(profile),
    spenders: spendersOf(profile),
  };
}

/** How much dearer than the baseline each measure is, relative to it: 0.12 is 12 per cent more. */
export function differences(figures: ComparedFigures, baseline: ComparedFigures): Differences {
  // A bound of nothing is no figure: a checkpoint has no multiply-adds that are known.
  const isUnknown = (one: ComparedFigures, measure: (typeof COMPARED)[number]) => one[measure] === 0 && one.lowerBounds.includes(measure);
  const of = (measure: (typeof COMPARED)[number]) =>
    isUnknown(figures, measure) || isUnknown(baseline, measure) ? null : relativeDifference(figures[measure], baseline[measure]);
  return {
    parameters: of('parameters'),
    trainableParameters: of('trainableParameters'),
    macs: of('macs'),
    flops: of('flops'),
    weightBytes: of('weightBytes'),
    peakActivationBytes: of('peakActivationBytes'),
  };
}

/** (value - base) / base, exact before it is rounded to a float; `null` for a base of 0 and a value that is not. */
export function relativeDifference(value: Count, base: Count): number | null {
  const [to, from] = [BigInt(value), BigInt(base)];
  if (to === from) return 0;
  return from === 0n ? null : Number(to - from) / Number(from);
}

function lastReceptiveField(blocks: readonly Block[]): ComparedFigures['receptiveField'] {
  for (const block of [...blocks].reverse()) {
    const own = block.attributes['receptiveField'] ?? lastReceptiveField(block.children);
    if (own !== null && typeof own !== 'boolean') return own;
  }
  return null;
}
