import type { Dim } from '../../model';
import { isStatic } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { divideExactly, multiplyDims } from '../common/dimArithmetic';
import * as meaning from '../common/meanings';
import { sameAsFirst, stridesOf, tensorFact, unknownShape } from '../common/shapes';
import { type KnownData, MAX_KNOWN_ELEMENTS, type Operator, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

function transposeData(input: TensorFact, permutation: readonly number[]): KnownData | null {
  if (!input.data || !input.shape || !isStatic(input.shape)) return null;
  const strides = stridesOf(input.shape);
  let picked: number[] = [0];
  for (const from of permutation) {
    const next: number[] = [];
    const extent = input.shape[from] ?? 0;
    if (picked.length * extent > MAX_KNOWN_ELEMENTS) return null;
    for (const base of picked) for (let i = 0; i < extent; i++) next.push(base + i * (strides[from] ?? 1));
    picked = next;
  }
  return picked.map((position) => input.data?.[position] ?? null);
}

const transpose: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const { shape } = input;
  const given = context.attributes.ints('perm');
  if (!shape) return [tensorFact(input.dtype, given ? unknownShape(given.length) : null)];
  const permutation = given ?? shape.map((_, axis) => shape.length - 1 - axis);
  const valid = permutation.length === shape.length && new Set(permutation).size === shape.length;
  if (!valid || permutation.some((axis) => axis < 0 || axis >= shape.length)) {
    context.report('axis', `perm [${permutation.join(', ')}] is no permutation of rank ${shape.length}.`);
    return [tensorFact(input.dtype, null)];
  }
  return [
    tensorFact(
      input.dtype,
      permutation.map((axis) => shape[axis] ?? null),
      transposeData(input, permutation),
    ),
  ];
};

/** `[N, C, H, W]` with a block of `blocksize` moved between channels and space. */
function blocks(toSpace: boolean): ShapeRule {
  return (context) => {
    const input = context.tensor(0);
    if (!input) return [UNKNOWN];
    const size = context.attributes.int('blocksize', 0);
    if (!input.shape) return [tensorFact(input.dtype, unknownShape(4))];
    if (input.shape.length !== 4 || size < 1) {
      context.report('rank', `needs an input of rank 4 and a positive blocksize, not rank ${input.shape.length} and ${size}.`);
      return [tensorFact(input.dtype, null)];
    }
    const [n = null, c = null, h = null, w = null] = input.shape;
    const grow = (dim: Dim) => multiplyDims(dim, size);
    const shrink = (dim: Dim) => divideExactly(dim, size);
    const shape = toSpace ? [n, divideExactly(c, size * size), grow(h), grow(w)] : [n, multiplyDims(c, size * size), shrink(h), shrink(w)];
    return [tensorFact(input.dtype, shape)];
  };
}

/** Rearranging elements: no arithmetic. */
export const LAYOUT: readonly Operator[] = meaning.means(
  {
    Transpose: meaning.pass('transpose', { carries: [0] }),
    DepthToSpace: meaning.move('depthToSpace'),
    SpaceToDepth: meaning.move('spaceToDepth'),
    ReverseSequence: meaning.move('reverse'),
    Trilu: meaning.move('triangle', { settings: [1] }),
  },
  [
    operator('Transpose', 1, transpose, noArithmetic),
    operator('DepthToSpace', 1, blocks(true), noArithmetic),
    operator('SpaceToDepth', 1, blocks(false), noArithmetic),
    operator('ReverseSequence', 10, sameAsFirst, noArithmetic),
    operator('Trilu', 14, sameAsFirst, noArithmetic),
  ],
);
