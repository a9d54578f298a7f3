import type { Dim } from '../../model';
import type { Cost } from '../rule';
import { multiplyAdds } from './costs';
import { product } from './extents';
import { SOFTMAX_FLOPS } from './flops';

/** Extents of one attention core: scores `[batch, heads, queries, keys]`, then their product with the values. */
export interface AttentionSizes {
  readonly batch: Dim;
  readonly heads: Dim;
  readonly queries: Dim;
  /** Keys each query meets, masked ones included: masks and causality lessen no figure, as no published one does. */
  readonly keys: Dim;
  readonly headSize: Dim;
  readonly valueSize: Dim;
}

/** What happens to a score between the two products. */
export interface ScoreWork {
  /** Masks and biases added. */
  readonly additions?: number;
  /** Divide, tanh, multiply. */
  readonly softcap?: boolean;
}

/** A linear map of `inputs` to `outputs` features over `rows` rows, fused into an attention operator. */
export interface Projection {
  readonly rows: readonly Dim[];
  readonly inputs: Dim;
  readonly outputs: Dim;
  readonly bias: boolean;
}

const SOFTCAP_FLOPS = 3;

/** Multiply-adds of q.k and attn.v, plus scaling, masks and softmax per score (Vaswani et al. 2017, 3.2.1). */
export function attentionCost(sizes: AttentionSizes, work: ScoreWork = {}): Cost | null {
  const { batch, heads, queries, keys, headSize, valueSize } = sizes;
  const scores = product([batch, heads, queries, keys]);
  const perScore = typeof headSize === 'number' && typeof valueSize === 'number' ? BigInt(headSize + valueSize) : null;
  if (scores === null || perScore === null) return null;
  const each = 1 + (work.additions ?? 0) + (work.softcap ? SOFTCAP_FLOPS : 0) + SOFTMAX_FLOPS;
  const formula = `${batch}*${heads} heads * ${queries} queries * ${keys} keys * (${headSize} + ${valueSize})`;
  return multiplyAdds(scores * perScore, formula, scores * BigInt(each));
}

/** Multiply-adds of a projection, an addition per output where it has a bias. */
export function projectionCost(projection: Projection): Cost | null {
  const outputs = product([...projection.rows, projection.outputs]);
  if (outputs === null || typeof projection.inputs !== 'number') return null;
  const formula = `${projection.rows.join('*')} rows * ${projection.inputs} * ${projection.outputs}`;
  return multiplyAdds(outputs * BigInt(projection.inputs), formula, projection.bias ? outputs : 0n);
}

/** Sum of costs; `null` when one is not known. */
export function sumCosts(costs: readonly (Cost | null)[]): Cost | null {
  let macs = 0n;
  let flops = 0n;
  const formulas: string[] = [];
  for (const cost of costs) {
    if (cost === null) return null;
    macs += cost.macs;
    flops += cost.flops;
    formulas.push(cost.formula);
  }
  return { macs, flops, formula: formulas.join(' + ') };
}
