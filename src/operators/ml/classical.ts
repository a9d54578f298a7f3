import type { Dim, DType } from '../../model';
import { flopsOnly, formatProduct, multiplyAdds, noArithmetic, perOutputElement } from '../common/costs';
import { operator, uncounted } from '../common/define';
import { addDims, productOf } from '../common/dimArithmetic';
import { dtypeOf, extent, like, product, shaped } from '../common/extents';
import { unknownShape } from '../common/shapes';
import { type CostContext, type CostRule, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';
import { HOLDS } from './weights';

const DOMAIN = 'ai.onnx.ml';

type Context = ShapeContext | CostContext;

/** Rows of a table `[N, C]`; a vector is one row. */
function rows(context: Context): Dim {
  const shape = context.tensor(0)?.shape;
  return shape ? (shape.length === 1 ? 1 : (shape[0] ?? null)) : null;
}

/** Length of the first of these list attributes that is there. */
function listLength(context: Context, ...names: readonly string[]): number | null {
  for (const name of names) {
    const attribute = context.attributes.get(name);
    if (attribute?.kind === 'tensor') return attribute.value.shape[0] ?? 1;
    if (attribute && Array.isArray(attribute.value) && attribute.value.length > 0) return attribute.value.length;
  }
  return null;
}

/** X `[..., C]` and K indices: `[..., K]`, a vector becoming one row. */
const arrayFeatureExtractor: ShapeRule = (context) => {
  const x = context.tensor(0);
  const indices = context.tensor(1)?.shape;
  if (!x?.shape) return [x ? shaped(x.dtype, null) : UNKNOWN];
  const count = indices ? productOf(indices) : null;
  return [shaped(x.dtype, [...(x.shape.length === 1 ? [1] : x.shape.slice(0, -1)), count])];
};

const same: ShapeRule = (context) => [like(context.tensor(0))];

/** The input's shape, as float32. */
const asFloat: ShapeRule = (context) => {
  const x = context.tensor(0);
  return [x ? shaped('float32', x.shape) : UNKNOWN];
};

/** Strings become int64 and the other way round. */
const categoryMapper: ShapeRule = (context) => {
  const x = context.tensor(0);
  return [x ? shaped(x.dtype === 'string' ? 'int64' : 'string', x.shape) : UNKNOWN];
};

const CAST_TYPES: Readonly<Record<string, DType>> = { TO_FLOAT: 'float32', TO_INT64: 'int64', TO_STRING: 'string' };

const castMap: ShapeRule = (context) => {
  const dtype = CAST_TYPES[context.attributes.string('cast_to', 'TO_FLOAT')] ?? 'float32';
  const sparse = context.attributes.string('map_form', 'DENSE') === 'SPARSE';
  return [shaped(dtype, [1, sparse ? context.attributes.int('max_map', 1) : null])];
};

/** One column per word of the vocabulary. */
const dictVectorizer: ShapeRule = (context) => {
  const input = context.inputs[0];
  const dtype = input?.kind === 'map' && input.element.kind === 'tensor' ? input.element.dtype : 'float32';
  return [shaped(dtype, [1, listLength(context, 'string_vocabulary', 'int64_vocabulary')])];
};

/** Columns of all inputs side by side. */
const featureVectorizer: ShapeRule = (context) => {
  const widths = context.attributes.ints('inputdimensions');
  let columns: Dim = 0;
  for (let i = 0; i < context.inputs.length; i++) columns = addDims(columns, widths?.[i] ?? extent(context.tensor(i), -1));
  return [shaped('float32', [rows(context), columns])];
};

/** The type of the values that labels are mapped to, by the attribute that lists them. */
const labelEncoder: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN];
  const { attributes } = context;
  const tensor = attributes.get('values_tensor');
  let dtype: DType = x.dtype === 'string' ? 'int64' : 'string';
  if (tensor?.kind === 'tensor') dtype = tensor.value.dtype;
  else if (attributes.has('values_strings')) dtype = 'string';
  else if (attributes.has('values_int64s')) dtype = 'int64';
  else if (attributes.has('values_floats')) dtype = 'float32';
  return [shaped(dtype, x.shape)];
};

/** Labels `[N]`, typed as the attribute that lists them, and scores `[N, classes]`. */
function classified(context: ShapeContext, stringLabels: string, classes: Dim) {
  const n = rows(context);
  const strings = (context.attributes.strings(stringLabels)?.length ?? 0) > 0;
  return [shaped(strings ? 'string' : 'int64', [n]), shaped('float32', [n, classes])];
}

/** Rows of coefficients: one per class, or a single one that decides between two. */
function linearClasses(context: Context): { scores: Dim; planes: Dim } {
  const labels = listLength(context, 'classlabels_strings', 'classlabels_ints');
  const columns = extent(context.tensor(0), -1);
  const coefficients = listLength(context, 'coefficients');
  const planes =
    listLength(context, 'intercepts') ?? (coefficients !== null && typeof columns === 'number' ? coefficients / columns : null);
  return { scores: planes === 1 && labels === 2 ? 2 : (planes ?? labels), planes };
}

const linearClassifier: ShapeRule = (context) => classified(context, 'classlabels_strings', linearClasses(context).scores);

function linearCost(context: CostContext, outputs: Dim): ReturnType<CostRule> {
  const n = rows(context);
  const columns = extent(context.tensor(0), -1);
  const macs = product([n, columns, outputs]);
  const added = product([n, outputs]);
  return macs === null || added === null ? null : multiplyAdds(macs, `${n} rows * ${columns} columns * ${outputs} outputs`, added);
}

const linearRegressor: ShapeRule = (context) => [shaped('float32', [rows(context), context.attributes.int('targets', 1)])];

/** Each value becomes a row of zeros with at most one 1. */
const oneHotEncoder: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN];
  return [shaped('float32', x.shape ? [...x.shape, listLength(context, 'cats_strings', 'cats_int64s')] : null)];
};

/** With Platt scaling (`prob_a`) one score per class; otherwise the number of pairwise scores varies between runtimes. */
const svmClassifier: ShapeRule = (context) => {
  const classes = listLength(context, 'classlabels_strings', 'classlabels_ints');
  return classified(context, 'classlabels_strings', listLength(context, 'prob_a') === null ? null : classes);
};

const treeClassifier: ShapeRule = (context) =>
  classified(context, 'classlabels_strings', listLength(context, 'classlabels_strings', 'classlabels_int64s'));

const treeRegressor: ShapeRule = (context) => [shaped('float32', [rows(context), context.attributes.int('n_targets', 1)])];

const treeEnsemble: ShapeRule = (context) => [shaped(dtypeOf(context.tensor(0)), [rows(context), context.attributes.int('n_targets', 1)])];

/** A sequence of maps, one per row, from class label to score. */
const zipMap: ShapeRule = (context) => {
  const key: DType = context.attributes.has('classlabels_strings') ? 'string' : 'int64';
  return [{ kind: 'sequence', element: { kind: 'map', key, element: shaped('float32', []) } }];
};

/** Support vectors met by every row: `[vectors, columns]` products for the kernel, then the weighted sum. */
const svmCost: CostRule = (context) => {
  const n = rows(context);
  const columns = extent(context.tensor(0), -1);
  const coefficients = listLength(context, 'support_vectors');
  const products = product([n, coefficients]);
  if (products === null) return null;
  return multiplyAdds(products, `${n} rows * ${coefficients} support vector elements (${columns} columns each)`);
};

/** No work is claimed of trees. */
const TREE = { reason: 'which way a row takes through its trees depends on the values', multiplies: false };

const normalizerCost: CostRule = (context) => {
  const shape = context.tensor(0)?.shape ?? unknownShape(1);
  const count = product(shape);
  return count === null ? null : flopsOnly(count * 3n, `${formatProduct(shape)} elements * 3 FLOPs`);
};

/** ai.onnx.ml: tables in, labels and scores out. */
export const CLASSICAL: readonly Operator[] = [
  operator('ArrayFeatureExtractor', 1, arrayFeatureExtractor, noArithmetic, DOMAIN),
  operator('Binarizer', 1, same, perOutputElement(1), DOMAIN),
  operator('CastMap', 1, castMap, noArithmetic, DOMAIN),
  operator('CategoryMapper', 1, categoryMapper, noArithmetic, DOMAIN),
  operator('DictVectorizer', 1, dictVectorizer, noArithmetic, DOMAIN),
  operator('FeatureVectorizer', 1, featureVectorizer, noArithmetic, DOMAIN),
  operator('Imputer', 1, same, perOutputElement(1), DOMAIN),
  operator('LabelEncoder', 1, labelEncoder, noArithmetic, DOMAIN),
  operator('LinearClassifier', 1, linearClassifier, (context) => linearCost(context, linearClasses(context).planes), DOMAIN),
  operator('LinearRegressor', 1, linearRegressor, (context) => linearCost(context, context.attributes.int('targets', 1)), DOMAIN),
  operator('Normalizer', 1, asFloat, normalizerCost, DOMAIN),
  operator('OneHotEncoder', 1, oneHotEncoder, noArithmetic, DOMAIN),
  operator('Scaler', 1, asFloat, perOutputElement(2), DOMAIN),
  operator('SVMClassifier', 1, svmClassifier, svmCost, DOMAIN),
  operator('SVMRegressor', 1, (context) => [shaped('float32', [rows(context), 1])], svmCost, DOMAIN),
  uncounted('TreeEnsemble', 5, treeEnsemble, TREE, DOMAIN),
  uncounted('TreeEnsembleClassifier', 1, treeClassifier, TREE, DOMAIN),
  uncounted('TreeEnsembleRegressor', 1, treeRegressor, TREE, DOMAIN),
  operator('ZipMap', 1, zipMap, noArithmetic, DOMAIN),
].map((one) => (Object.hasOwn(HOLDS, one.op) ? { ...one, ...HOLDS[one.op] } : one));
