import { addCounts, type Count } from '../checkpoint/counts';
import { CHECKPOINT_BUDGETS } from '../checkpoint/kinds';
import type { CheckpointStructure } from '../checkpoint/structure';
import { tensorsWithin } from '../checkpoint/tree';
import type { ComparedFigures } from '../protocol';

/** What needs a graph, and is not known of a checkpoint. */
const UNKNOWN = ['macs', 'flops', 'peakActivationBytes'] as const;
const NOTHING = { macs: 0, flops: 0, activationBytes: 0 } as const;
const NOBODY = { macs: '', flops: '', parameters: '', weightBytes: '', activationBytes: '' } as const;

/** A checkpoint beside models: parameters, bytes and their split. What it costs to run is not known, and says so. */
export function checkpointFigures({ totals, budget, main }: CheckpointStructure): ComparedFigures {
  let trained: Count = 0;
  let weightBytes: Count = 0;
  for (const { tensor, role, elements, bytes, tied } of main ? tensorsWithin(main.root) : []) {
    if (tied !== '') continue;
    weightBytes = addCounts(weightBytes, bytes);
    if (role === 'parameter' && tensor.trainable !== false) trained = addCounts(trained, elements);
  }
  const parts = CHECKPOINT_BUDGETS.map((name) => {
    const { parameters, bytes } = budget[name];
    return [name, { ...NOTHING, parameters, trainableParameters: parameters, buffers: 0, weightBytes: bytes }] as const;
  });
  return {
    parameters: totals.parameters,
    trainableParameters: trained,
    macs: 0,
    flops: 0,
    weightBytes,
    peakActivationBytes: 0,
    budget: Object.fromEntries(parts) as ComparedFigures['budget'],
    receptiveField: null,
    top1: null,
    notCounted: 0,
    lowerBounds: UNKNOWN,
    input: null,
    stages: [],
    spenders: { convolution: NOBODY, attention: NOBODY, feedForward: NOBODY, other: NOBODY },
  };
}
