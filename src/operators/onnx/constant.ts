import type { Shape } from '../../model';
import { elementCount, isStatic } from '../../model';
import { noArithmetic, perOutputElement } from '../common/costs';
import { operator, operators } from '../common/define';
import { ceilDivide, subtractDims } from '../common/dimArithmetic';
import { isIntegral, isWorthKnowing } from '../common/evaluate';
import * as meaning from '../common/meanings';
import { knownLength, knownScalar, tensorFact, unknownShape } from '../common/shapes';
import { decodeTensor } from '../common/tensorData';
import { type Fact, MAX_KNOWN_ELEMENTS, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';
import { dtypeOf } from './cast';

const constant: ShapeRule = (context) => {
  const { attributes } = context;
  const value = attributes.get('value');
  if (value?.kind === 'tensor') return [tensorFact(value.value.dtype, value.value.shape, decodeTensor(value.value))];
  const sparse = attributes.get('sparse_value');
  if (sparse?.kind === 'sparseTensor') return [tensorFact(sparse.value.values.dtype, sparse.value.shape)];
  const int = attributes.int('value_int');
  if (int !== undefined) return [tensorFact('int64', [], [int])];
  const float = attributes.float('value_float');
  if (float !== undefined) return [tensorFact('float32', [], [float])];
  if (attributes.has('value_string')) return [tensorFact('string', [])];
  const ints = attributes.ints('value_ints');
  if (ints) return [tensorFact('int64', [ints.length], ints)];
  const floats = attributes.floats('value_floats');
  if (floats) return [tensorFact('float32', [floats.length], floats)];
  const strings = attributes.strings('value_strings');
  if (strings) return [tensorFact('string', [strings.length])];
  context.report('constant', 'none of its value attributes can be read.');
  return [UNKNOWN];
};

/** The shape an input tensor spells out; its rank where the elements are not known. */
function shapeFromInput(context: ShapeContext, index: number): Shape | null {
  const input = context.tensor(index);
  if (input?.data) return input.data.map((dim) => (typeof dim === 'number' && dim < 0 ? null : dim));
  const rank = knownLength(input);
  return rank === null ? null : unknownShape(rank);
}

const constantOfShape: ShapeRule = (context) => {
  const shape = shapeFromInput(context, 0);
  const value = context.attributes.get('value');
  const dtype = value?.kind === 'tensor' ? value.value.dtype : 'float32';
  const fill = value?.kind === 'tensor' ? (decodeTensor(value.value)?.[0] ?? null) : 0;
  const count = shape && isStatic(shape) ? elementCount(shape) : null;
  const worth = count !== null && (isIntegral(dtype) ? count <= MAX_KNOWN_ELEMENTS : isWorthKnowing(dtype, count));
  const data = count !== null && worth ? new Array(count).fill(fill) : null;
  return [tensorFact(dtype, shape, data)];
};

const range: ShapeRule = (context) => {
  const [start, limit, delta] = [context.tensor(0), context.tensor(1), context.tensor(2)];
  const dtype = (start ?? limit ?? delta)?.dtype ?? 'undefined';
  const [a, b, step] = [start?.data?.[0] ?? null, limit?.data?.[0] ?? null, knownScalar(delta)];
  if (step === null || step === 0) return [tensorFact(dtype, [null])];
  if (typeof a !== 'number' || typeof b !== 'number') {
    const count = step > 0 && isIntegral(dtype) ? ceilDivide(subtractDims(b, a), step) : null;
    return [tensorFact(dtype, [count])];
  }
  const count = Math.max(Math.ceil((b - a) / step), 0);
  if (!Number.isSafeInteger(count)) return [tensorFact(dtype, [null])];
  const data = count <= MAX_KNOWN_ELEMENTS ? Array.from({ length: count }, (_, i) => a + i * step) : null;
  return [tensorFact(dtype, [count], data)];
};

const eyeLike: ShapeRule = (context) => {
  const input = context.tensor(0);
  const dtype = dtypeOf(context.attributes.int('dtype')) ?? input?.dtype ?? 'undefined';
  return [tensorFact(dtype, input?.shape ?? unknownShape(2))];
};

/** A generator whose shape is the attribute `shape`. */
const randomOfShape: ShapeRule = (context) => {
  const dtype = dtypeOf(context.attributes.int('dtype', 1)) ?? 'float32';
  return [tensorFact(dtype, context.attributes.ints('shape') ?? null)];
};

function likeInput(): ShapeRule {
  return (context): readonly Fact[] => {
    const input = context.tensor(0);
    const dtype = dtypeOf(context.attributes.int('dtype')) ?? input?.dtype ?? 'undefined';
    return [tensorFact(dtype, input?.shape ?? null)];
  };
}

const multinomial: ShapeRule = (context) => {
  const dtype = dtypeOf(context.attributes.int('dtype', 6)) ?? 'int32';
  const batch = context.tensor(0)?.shape?.[0] ?? null;
  return [tensorFact(dtype, [batch, context.attributes.int('sample_size', 1)])];
};

/** Constants and generators of values. */
export const CONSTANTS: readonly Operator[] = meaning.means(
  {
    Constant: meaning.move('constant', {}, 'stored'),
    ConstantOfShape: meaning.move('fill', { settings: 'all' }, 'reads extents'),
    Range: meaning.move('range', { settings: 'all' }),
    EyeLike: meaning.move('identityMatrix', {}, 'reads extents'),
    RandomNormal: meaning.RANDOM,
    RandomUniform: meaning.RANDOM,
    RandomNormalLike: meaning.RANDOM,
    RandomUniformLike: meaning.RANDOM,
    Bernoulli: meaning.RANDOM,
    Multinomial: meaning.RANDOM,
  },
  [
    operator('Constant', 1, constant, noArithmetic),
    operator('ConstantOfShape', 9, constantOfShape, noArithmetic),
    operator('Range', 11, range, noArithmetic),
    operator('EyeLike', 9, eyeLike, noArithmetic),
    ...operators(['RandomNormal', 'RandomUniform'], 1, randomOfShape, perOutputElement(1)),
    ...operators(['RandomNormalLike', 'RandomUniformLike'], 1, likeInput(), perOutputElement(1)),
    operator('Bernoulli', 15, likeInput(), perOutputElement(1)),
    operator('Multinomial', 7, multinomial, perOutputElement(1)),
  ],
);
