import { addTo, type Parts } from '../types';
import { partOf, type Tool } from './tool';

const COUNTED = new Set(['convolution', 'linear', 'product', 'attention']);

/** `FlopCounterMode` of PyTorch itself (`torch/utils/flop_counter.py`): 2 for each multiply-add of products and convolutions. */
export const TORCH: Tool = {
  name: 'torch',
  version: '2.15.0',
  call: 'torch.utils.flop_counter.FlopCounterMode().get_total_flops()',
  unit: 'FLOPs',
  perMac: 2n,
  readsGraph: false,
  count: ({ layers }) => {
    const parts: Parts = new Map();
    for (const { kind, attends, macs, times } of layers.list) {
      if (COUNTED.has(kind)) addTo(parts, partOf(kind, attends), 2n * macs * times);
    }
    return parts;
  },
  parameters: () => null,
  why: { recurrent: 'Recurrent layers in one call are operators that it does not know.' },
  parametersWhy: '',
};
