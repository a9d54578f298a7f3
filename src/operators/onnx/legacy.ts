import { noArithmetic, perOutputElement } from '../common/costs';
import { operator, operators } from '../common/define';
import { subtractDims } from '../common/dimArithmetic';
import { checkRank, extent, replaceExtents, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import { sameAsFirst } from '../common/shapes';
import { type Operator, type ShapeRule, UNKNOWN } from '../rule';

/** `[N, C, H, W]` less a border `[left, top, right, bottom]`, or to `scale` `[height, width]` from the left top corner. */
const crop: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN];
  if (!x.shape || !checkRank(context, 0, [4])) return [shaped(x.dtype, null)];
  const [left = 0, top = 0, right = 0, bottom = 0] = context.attributes.ints('border') ?? [];
  const scale = context.attributes.ints('scale');
  const height = scale?.[0] ?? subtractDims(extent(x, 2), top + bottom);
  const width = scale?.[1] ?? subtractDims(extent(x, 3), left + right);
  return [shaped(x.dtype, replaceExtents(x.shape, { 2: height, 3: width }))];
};

/**
 * Operators ONNX dropped while they were experimental, which files of 2017 and
 * 2018 have (Core ML and Caffe2 converters) and ONNX Runtime still runs; and
 * the copies between devices it writes into graphs it saves.
 */
export const LEGACY: readonly Operator[] = meaning.means(
  {
    MemcpyFromHost: meaning.pass('copy'),
    MemcpyToHost: meaning.pass('copy'),
  },
  [
    ...operators(['Affine', 'ImageScaler'], 1, sameAsFirst, perOutputElement(2)),
    operator('Scale', 1, sameAsFirst, perOutputElement(1)),
    operator('ScaledTanh', 1, sameAsFirst, perOutputElement(3)),
    operator('ParametricSoftplus', 1, sameAsFirst, perOutputElement(5)),
    operator('Crop', 1, crop, noArithmetic),
    ...operators(['MemcpyFromHost', 'MemcpyToHost'], 1, sameAsFirst, noArithmetic),
  ],
);
