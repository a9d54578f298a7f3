import type { Dim } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { checkRank, shaped } from '../common/extents';
import { broadcastOrReport } from '../common/shapes';
import { type Operator, type ShapeRule, UNKNOWN } from '../rule';

/** `[C]` or `[1, C]`, less the stop words found at run time. */
const stringNormalizer: ShapeRule = (context) => {
  checkRank(context, 0, [1, 2]);
  const shape = context.tensor(0)?.shape;
  const stops = context.attributes.strings('stopwords')?.length ?? 0;
  if (!shape) return [shaped('string', null)];
  return [shaped('string', stops === 0 ? shape : [...shape.slice(0, -1), null])];
};

/** `[C]` or `[N, C]` to one count per n-gram: `[..., max(ngram_indexes) + 1]`. */
const tfIdfVectorizer: ShapeRule = (context) => {
  checkRank(context, 0, [1, 2]);
  const shape = context.tensor(0)?.shape;
  const indexes = context.attributes.ints('ngram_indexes');
  let width: Dim = null;
  for (const index of indexes ?? []) width = Math.max(width ?? 0, index + 1);
  return [shaped('float32', shape ? [...shape.slice(0, -1), width] : null)];
};

const stringConcat: ShapeRule = (context) => [
  shaped('string', broadcastOrReport(context, [context.tensor(0)?.shape ?? null, context.tensor(1)?.shape ?? null])),
];

/** Substrings in an appended axis as long as the most parts, and how many each string has. */
const stringSplit: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN, UNKNOWN];
  return [shaped('string', x.shape ? [...x.shape, null] : null), shaped('int64', x.shape)];
};

const regexFullMatch: ShapeRule = (context) => [shaped('bool', context.tensor(0)?.shape ?? null)];

/** Operators on strings: none computes. */
export const TEXT: readonly Operator[] = [
  operator('StringNormalizer', 10, stringNormalizer, noArithmetic),
  operator('TfIdfVectorizer', 9, tfIdfVectorizer, noArithmetic),
  operator('StringConcat', 20, stringConcat, noArithmetic),
  operator('StringSplit', 20, stringSplit, noArithmetic),
  operator('RegexFullMatch', 20, regexFullMatch, noArithmetic),
];
