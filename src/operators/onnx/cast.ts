import { type Dim, type DType, isFloating, ONNX_DTYPES } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { evaluateElementwise, isIntegral } from '../common/evaluate';
import * as meaning from '../common/meanings';
import { tensorFact } from '../common/shapes';
import { type Fact, type Operator, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

/** The dtype of a `TensorProto.DataType` number, as in attributes `to` and `dtype`. */
export function dtypeOf(code: number | undefined): DType | undefined {
  return code === undefined ? undefined : ONNX_DTYPES[code];
}

function convert(input: TensorFact, to: DType): Fact {
  const data = evaluateElementwise([input], input.shape, to, ([element]): Dim => {
    if (to === 'bool') return typeof element === 'number' ? Number(element !== 0) : null;
    if (typeof element === 'number' && isIntegral(to) && isFloating(input.dtype)) return Math.trunc(element);
    return element ?? null;
  });
  const known = isIntegral(to) || to === 'float32' || to === 'float64';
  return tensorFact(to, input.shape, known ? data : null);
}

const cast: ShapeRule = (context) => {
  const input = context.tensor(0);
  const to = dtypeOf(context.attributes.int('to')) ?? dtypeByName(context.attributes.string('to'));
  if (to === undefined) return [UNKNOWN];
  return [input ? convert(input, to) : tensorFact(to, null)];
};

/** Version 1 of Cast wrote the type as a word (`FLOAT`). */
function dtypeByName(name: string | undefined): DType | undefined {
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  const wanted = lower === 'float' ? 'float32' : lower === 'double' ? 'float64' : lower;
  return ONNX_DTYPES.find((dtype) => dtype === wanted);
}

const castLike: ShapeRule = (context) => {
  const input = context.tensor(0);
  const like = context.tensor(1);
  if (!like) return [tensorFact('undefined', input?.shape ?? null)];
  return [input ? convert(input, like.dtype) : tensorFact(like.dtype, null)];
};

const bitCast: ShapeRule = (context) => {
  const to = dtypeOf(context.attributes.int('to'));
  return to === undefined ? [UNKNOWN] : [tensorFact(to, context.tensor(0)?.shape ?? null)];
};

/** Changes of element type: no arithmetic by convention, though bytes are moved. */
export const CASTS: readonly Operator[] = meaning.means(
  {
    Cast: meaning.pass('cast', { carries: [0] }),
    CastLike: meaning.pass('cast', { carries: [0] }),
    BitCast: meaning.move('cast'),
  },
  [
    operator('Cast', 1, cast, noArithmetic),
    operator('CastLike', 15, castLike, noArithmetic),
    operator('BitCast', 26, bitCast, noArithmetic),
  ],
);
