import type { Job, SizeCounts } from './counts';
import { nextSize } from './crossings';
import type { ChartPlan, PlannedModel } from './plan';
import type { Crossing } from './types';

/** Crossings that are looked for more exactly, and sizes counted for each. */
const REFINED = 24;
const TRIES = 6;
/** Images: what strides divide, for between those a cost jumps with every rounding. Sequences: any number of steps. */
const STEP = { image: 32, sequence: 1 } as const;

/** What to count to know the crossings better; empty when they are known as well as they can be. */
export function refinements(plan: ChartPlan, found: readonly Crossing[], counts: SizeCounts): readonly Job[] {
  return found.slice(0, REFINED).flatMap((crossing) => {
    const ids = [crossing.below.id, crossing.above.id];
    // The parts of one model cross each other: it is the only one.
    const models = plan.models.length === 1 ? plan.models : plan.models.filter(({ model }) => ids.includes(model.id));
    if (models.some((planned) => tries(planned, crossing.x, counts) >= TRIES)) return [];
    const isWrong = (size: number) => models.some(({ model }) => counts.rows(model).get(size)?.figures === null);
    const size = nextSize(crossing, STEP[plan.kind], isWrong);
    return size === null ? [] : models.map(({ model }) => ({ model, sizes: [size] }));
  });
}

/** Sizes counted already between the two wanted ones around `x`. */
function tries({ model, sizes }: PlannedModel, x: number, counts: SizeCounts): number {
  const low = sizes.findLast((size) => size <= x) ?? 0;
  const high = sizes.find((size) => size > x) ?? Number.POSITIVE_INFINITY;
  return [...counts.rows(model).keys()].filter((size) => size > low && size < high).length;
}
