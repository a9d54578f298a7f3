import { perOutputElement } from '../common/costs';
import { operator } from '../common/define';
import { like } from '../common/extents';
import { DEQUANTIZE_FLOPS, QUANTIZE_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import type { Operator, ShapeRule } from '../rule';

/** The domains under which QONNX, FINN and Brevitas write the same operators. */
const DOMAINS = ['qonnx.custom_op.general', 'finn.custom_op.general', 'onnx.brevitas'] as const;

const sameAsInput: ShapeRule = (context) => [like(context.tensor(0))];

/**
 * Arbitrary-precision quantisation (Pappalardo et al., arXiv 2206.07527): what is quantised is given back at once
 * as floating point numbers of the same shape. Inputs are the value, scale, zero point and bit width.
 */
export const QONNX: readonly Operator[] = DOMAINS.flatMap((domain) =>
  meaning.means(
    {
      Quant: meaning.pass('quantize', { settings: [1, 2, 3], carries: [0] }),
      IntQuant: meaning.pass('quantize', { settings: [1, 2, 3], carries: [0] }),
      BipolarQuant: meaning.pass('quantize', { settings: [1], carries: [0] }),
      Trunc: meaning.pass('quantize', { settings: [1, 2, 3, 4], carries: [0] }),
    },
    ['Quant', 'IntQuant', 'BipolarQuant', 'Trunc'].map((op) =>
      operator(op, 1, sameAsInput, perOutputElement(QUANTIZE_FLOPS + DEQUANTIZE_FLOPS), domain),
    ),
  ),
);
