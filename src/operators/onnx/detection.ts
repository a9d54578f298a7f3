import { uncounted } from '../common/define';
import { checkRank, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import type { Operator, ShapeRule } from '../rule';

/** boxes `[N, B, 4]`, scores `[N, C, B]`; output `[selected, 3]` of batch, class and box index. */
const nonMaxSuppression: ShapeRule = (context) => {
  checkRank(context, 0, [3]);
  checkRank(context, 1, [3]);
  return [shaped('int64', [null, 3])];
};

/** Operators that select among detected boxes. How many overlaps are computed depends on the scores, so no work is claimed. */
export const DETECTION: readonly Operator[] = meaning.means(
  {
    NonMaxSuppression: meaning.other({ settings: 'all' }),
  },
  [
    uncounted('NonMaxSuppression', 10, nonMaxSuppression, {
      reason: 'how many overlaps it computes depends on the scores',
      multiplies: false,
    }),
  ],
);
