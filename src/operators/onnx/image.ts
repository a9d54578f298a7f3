import type { Dim } from '../../model';
import { flopsOnly, formatProduct, noArithmetic, perOutputElement } from '../common/costs';
import { operator } from '../common/define';
import { checkEqual, checkRank, dtypeOf, extent, product, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import { knownLength, normalizeAxes, unknownShape } from '../common/shapes';
import { type CostRule, type Operator, type ShapeRule, UNKNOWN } from '../rule';

/** X `[N, C, spatial...]`, grid `[N, out..., r]` with r spatial axes; output `[N, C, out...]`. */
const gridSample: ShapeRule = (context) => {
  const x = context.tensor(0);
  const grid = context.tensor(1);
  const rank = x?.shape?.length ?? grid?.shape?.length;
  if (!x || rank === undefined) return [x ? shaped(x.dtype, null) : UNKNOWN];
  checkRank(context, 1, [rank]);
  checkEqual(context, 'the coordinates of the grid and the spatial axes', extent(grid, -1), rank - 2);
  const spatial: Dim[] = Array.from({ length: rank - 2 }, (_, i) => extent(grid, i + 1));
  return [shaped(x.dtype, [extent(x, 0), extent(x, 1), ...spatial])];
};

/** Neighbours weighed and summed: 2^r of them for linear, 4^r for cubic, one copied for nearest. */
export const gridSampleCost: CostRule = (context) => {
  const shape = context.output(0)?.shape;
  const outputs = shape ? product(shape) : null;
  if (!shape || outputs === null) return null;
  const mode = context.attributes.string('mode', 'linear');
  const perAxis = mode === 'nearest' ? 1 : mode.includes('cubic') ? 4 : 2;
  const count = perAxis ** (shape.length - 2);
  const each = count === 1 ? 0 : 2 * count - 1;
  return flopsOnly(outputs * BigInt(each), `${formatProduct(shape)} outputs of ${count} neighbours * ${each} FLOPs`);
};

/** theta `[N, r, r + 1]` and size `[N, C, spatial...]` as data; output `[N, spatial..., r]`. */
const affineGrid: ShapeRule = (context) => {
  const theta = context.tensor(0);
  const size = context.tensor(1);
  const length = size?.data?.length ?? knownLength(size);
  if (length === null || length < 2) return [shaped(dtypeOf(theta), null)];
  const spatial = size?.data ? size.data.slice(2) : unknownShape(length - 2);
  return [shaped(dtypeOf(theta), [size?.data?.[0] ?? extent(theta, 0), ...spatial, length - 2])];
};

/** r products and r sums (the translation) per coordinate. */
const affineGridCost: CostRule = (context) => {
  const last = extent(context.output(0), -1);
  return typeof last === 'number' ? perOutputElement(2 * last)(context) : null;
};

/** `[H, W, 3]`, or one channel for grey; the extents stand in the encoded image. */
const imageDecoder: ShapeRule = (context) => {
  const channels = context.attributes.string('pixel_format', 'RGB') === 'Grayscale' ? 1 : 3;
  return [shaped('uint8', [null, null, channels])];
};

/** Input 1 holds the wanted extents of `axes` (all unless told). */
const centerCropPad: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x?.shape) return [x ? shaped(x.dtype, null) : UNKNOWN];
  const wanted = context.tensor(1)?.data;
  const given = context.attributes.ints('axes');
  const axes = given ? normalizeAxes(given, x.shape.length) : x.shape.map((_, i) => i);
  if (axes === null) {
    context.report('axis', `axes [${given?.join(', ')}] do not exist at rank ${x.shape.length}.`);
    return [shaped(x.dtype, unknownShape(x.shape.length))];
  }
  const result: Dim[] = [...x.shape];
  for (const [i, axis] of axes.entries()) result[axis] = wanted?.[i] ?? null;
  return [shaped(x.dtype, result)];
};

/** Sampling, decoding and cropping of images. */
export const IMAGES: readonly Operator[] = meaning.means(
  {
    CenterCropPad: meaning.other({ settings: [1] }),
  },
  [
    operator('GridSample', 16, gridSample, gridSampleCost),
    operator('GridSample', 1, gridSample, gridSampleCost, 'com.microsoft'),
    operator('AffineGrid', 20, affineGrid, affineGridCost),
    operator('ImageDecoder', 20, imageDecoder, noArithmetic),
    operator('CenterCropPad', 18, centerCropPad, noArithmetic),
  ],
);
