import type { Dim, Shape } from '../../model';
import { flopsOnly, formatProduct } from '../common/costs';
import { operator } from '../common/define';
import { floorDivide, multiplyDims } from '../common/dimArithmetic';
import { dtypeOf, product, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import { knownNumbers, normalizeAxes } from '../common/shapes';
import { type CostContext, type CostRule, type Operator, type ShapeContext, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

/** `floor(extent * scale)`, in float32 as ONNX Runtime multiplies; a free extent keeps its name where the scale is a whole number or one over it. */
export function scaled(dim: Dim, scale: number): Dim {
  if (scale === 1) return dim;
  if (typeof dim === 'number') return Math.floor(Math.fround(Math.fround(scale) * Math.fround(dim)));
  if (Number.isInteger(scale) && scale > 0) return multiplyDims(dim, scale);
  return scale > 0 && Number.isInteger(1 / scale) ? floorDivide(dim, 1 / scale) : null;
}

/** An input with elements, `null` for the empty tensors exporters write in place of omitted ones. */
function given(fact: TensorFact | null): TensorFact | null {
  return fact && fact.data?.length !== 0 && fact.shape?.[0] !== 0 ? fact : null;
}

/** Axes that scales and sizes are about: all, unless opset 18's `axes` names some. */
function axesOf(context: ShapeContext, rank: number): readonly number[] {
  const axes = context.attributes.ints('axes');
  const all = Array.from({ length: rank }, (_, i) => i);
  if (!axes) return all;
  const normal = normalizeAxes(axes, rank);
  if (normal === null) context.report('axis', `axes [${axes.join(', ')}] do not exist at rank ${rank}.`);
  return normal ?? all;
}

/** One scale for all axes, so that none passes (`not_larger`) or falls short of (`not_smaller`) its size; extents round half up. */
function keepAspect(shape: Shape, axes: readonly number[], sizes: readonly Dim[], policy: string): Shape {
  let scale: number | null = null;
  for (const [i, axis] of axes.entries()) {
    const from = shape[axis];
    const to = sizes[i];
    if (typeof from !== 'number' || typeof to !== 'number' || from === 0) return shape.map((dim, at) => (axes.includes(at) ? null : dim));
    const one = to / from;
    scale = scale === null ? one : policy === 'not_larger' ? Math.min(scale, one) : Math.max(scale, one);
  }
  const factor = scale ?? 1;
  return shape.map((dim, axis) => (axes.includes(axis) && typeof dim === 'number' ? Math.floor(dim * factor + 0.5) : dim));
}

/** Fraction of an axis that the region of interest keeps: 1 except for `tf_crop_and_resize`. */
function keptPart(context: ShapeContext, axes: readonly number[]): readonly (number | null)[] {
  if (context.attributes.string('coordinate_transformation_mode', 'half_pixel') !== 'tf_crop_and_resize') return axes.map(() => 1);
  const roi = knownNumbers(context.tensor(1));
  return axes.map((_, i) => (roi ? (roi[i + axes.length] ?? 1) - (roi[i] ?? 0) : null));
}

function resizedShape(context: ShapeContext, x: TensorFact, scales: TensorFact | null, sizes: TensorFact | null): Shape | null {
  const { shape } = x;
  if (!shape) return null;
  const axes = axesOf(context, shape.length);
  const result: Dim[] = [...shape];
  const policy = context.attributes.string('keep_aspect_ratio_policy', 'stretch');
  const wanted = sizes?.data ?? null;
  const factors = knownNumbers(scales);
  const values = wanted ?? factors;
  if (values && values.length !== axes.length) {
    context.report('extent', `there are ${values.length} sizes or scales for ${axes.length} axes.`);
    return shape.map(() => null);
  }
  if (wanted && policy !== 'stretch') return keepAspect(shape, axes, wanted, policy);
  const kept = keptPart(context, axes);
  for (const [i, axis] of axes.entries()) {
    const factor = factors?.[i];
    const part = kept[i] ?? null;
    if (wanted) result[axis] = wanted[i] ?? null;
    else result[axis] = factor === undefined || part === null ? null : scaled(shape[axis] ?? null, factor * part);
  }
  return result;
}

/** Inputs X, roi, scales, sizes from opset 11 on; X and scales in 10. */
const resize: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN];
  const scales = given(context.tensor(context.opset >= 11 ? 2 : 1));
  const sizes = context.opset >= 11 ? given(context.tensor(3)) : null;
  return [shaped(x.dtype, resizedShape(context, x, scales, sizes))];
};

/** Scales as attributes (`scales` in 7, `height_scale` and `width_scale` in 1), as input 1 in 9. */
const upsample: ShapeRule = (context) => {
  const x = context.tensor(0);
  const shape = x?.shape;
  if (!x || !shape) return [x ? shaped(x.dtype, null) : UNKNOWN];
  const { attributes } = context;
  const old = [1, 1, attributes.float('height_scale', 1), attributes.float('width_scale', 1)];
  const scales = attributes.floats('scales') ?? knownNumbers(context.tensor(1)) ?? (context.opset < 7 ? old : null);
  return [
    shaped(
      dtypeOf(x),
      shape.map((dim, i) => (scales ? scaled(dim, scales[i] ?? 1) : null)),
    ),
  ];
};

/** Neighbours that one output element is made of, along the axes whose extent changes. */
function neighbours(context: CostContext, from: Shape, to: Shape): bigint {
  const mode = context.attributes.string('mode', 'nearest');
  const perAxis = mode === 'cubic' ? 4 : mode === 'linear' || mode === 'bilinear' ? 2 : 1;
  if (perAxis === 1) return 1n;
  const antialias = context.attributes.int('antialias', 0) === 1;
  let result = 1n;
  for (const [i, before] of from.entries()) {
    const after = to[i];
    if (typeof before !== 'number' || typeof after !== 'number' || before === after || after === 0) continue;
    const stretch = antialias ? Math.max(1, before / after) : 1;
    result *= BigInt(Math.ceil(perAxis * stretch));
  }
  return result;
}

/** One product per neighbour and their sum, the weights not counted; nearest neighbours cost nothing. */
const resizeCost: CostRule = (context) => {
  const from = context.tensor(0)?.shape;
  const to = context.output(0)?.shape;
  const outputs = to ? product(to) : null;
  if (!from || !to || outputs === null || product(from) === null) return null;
  const count = neighbours(context, from, to);
  const each = count === 1n ? 0n : 2n * count - 1n;
  return flopsOnly(outputs * each, `${formatProduct(to)} outputs of ${count} neighbours * ${each} FLOPs`);
};

/** Resizing by scales or to sizes. */
export const RESIZING: readonly Operator[] = meaning.means(
  {
    Resize: meaning.resample([1, 2, 3]),
    Upsample: meaning.resample([1]),
  },
  [operator('Resize', 10, resize, resizeCost), operator('Upsample', 1, upsample, resizeCost)],
);
