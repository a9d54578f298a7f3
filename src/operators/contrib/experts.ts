import { multiplyAdds } from '../common/costs';
import { operator } from '../common/define';
import { divideExactly } from '../common/dimArithmetic';
import { extent, product } from '../common/extents';
import { ACTIVATION_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { sameAsFirst } from '../common/shapes';
import type { CostRule, Operator } from '../rule';

const DOMAIN = 'com.microsoft';

/** Where a mixture of experts keeps its weights: `fc1 [experts, fusion * inner, hidden]`, `fc2 [experts, hidden, inner]`, `fc3` like fc1. */
interface ExpertsForm {
  readonly fc1: number;
  readonly fc3: number;
}

/**
 * Each token goes through its `k` best experts (Shazeer et al. 2017): up,
 * activation, down, and a third product where the gate has its own weights.
 * Packed weights keep the output axis whole, so it is read there.
 */
function expertsCost(form: ExpertsForm): CostRule {
  return (context) => {
    const input = context.tensor(0)?.shape;
    const tokens = input ? product(input.slice(0, -1)) : null;
    const hidden = input?.at(-1) ?? null;
    const wide = extent(context.tensor(form.fc1), 1);
    const fusion = context.attributes.int('swiglu_fusion', 0) > 0 ? 2 : 1;
    const inner = divideExactly(wide, fusion);
    const chosen = context.attributes.int('k', 1);
    if (tokens === null || typeof hidden !== 'number' || typeof wide !== 'number' || typeof inner !== 'number') return null;
    const gate = context.inputs[form.fc3] ? inner : 0;
    const width = wide + inner + gate;
    const macs = tokens * BigInt(chosen) * BigInt(hidden) * BigInt(width);
    const extra = tokens * BigInt(chosen) * BigInt(inner * (ACTIVATION_FLOPS.Swish + (wide > inner || gate ? 1 : 0)) + 2 * hidden);
    return multiplyAdds(macs, `${tokens} tokens * ${chosen} experts * ${hidden} hidden * ${width} rows`, extra);
  };
}

/** Mixtures of experts: as many tokens out as in. */
export const CONTRIB_EXPERTS: readonly Operator[] = meaning.means(
  {
    QMoE: meaning.other({ weights: [2, 4, 5, 7, 8, 10], settings: [3, 6, 9], bits: ['expert_weight_bits', 4] }),
  },
  [
    operator('MoE', 1, sameAsFirst, expertsCost({ fc1: 2, fc3: 6 }), DOMAIN),
    operator('QMoE', 1, sameAsFirst, expertsCost({ fc1: 2, fc3: 8 }), DOMAIN),
  ],
);
