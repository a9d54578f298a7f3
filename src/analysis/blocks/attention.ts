import type { AttentionRegion } from './attentionRegion';
import { attentionRegion } from './attentionRegion';
import type { Composites } from './composites';
import { localCore, separableCore } from './elementwiseCores';
import { factoredCore } from './factoredCores';
import type { Flow } from './flow';
import { fusedCore } from './fusedCores';
import type { RawCore } from './rawCore';
import { softmaxCore } from './softmaxCores';
import { actOf } from './words';

/** An attention with the nodes that belong to it. */
export interface FoundAttention {
  readonly core: RawCore;
  readonly region: AttentionRegion;
}

function rawCores(flow: Flow): readonly RawCore[] {
  const found: RawCore[] = [];
  const taken = new Set<number>();
  const keep = (core: RawCore | null): void => {
    if (!core || core.path.some((index) => taken.has(index))) return;
    found.push(core);
    for (const index of core.path) taken.add(index);
  };
  flow.nodes.forEach((_, index) => {
    if (actOf(flow, index) === 'softmax') keep(softmaxCore(flow, index) ?? separableCore(flow, index) ?? localCore(flow, index));
    else keep(fusedCore(flow, index));
  });
  flow.nodes.forEach((_, index) => {
    if (flow.meanings[index]?.kind === 'product') keep(factoredCore(flow, index, taken));
  });
  return found.sort((a, b) => a.weightedSum - b.weightedSum);
}

/** Takes out what several attentions share (one projection for two branches): it belongs to none of them alone. */
function separate(regions: readonly AttentionRegion[]): readonly AttentionRegion[] {
  const times = new Map<number, number>();
  for (const region of regions) for (const index of region.nodes) times.set(index, (times.get(index) ?? 0) + 1);
  return regions.map((region) => ({ ...region, nodes: new Set([...region.nodes].filter((index) => times.get(index) === 1)) }));
}

/** Every attention of a scope with its projections, in topological order. */
export function findAttention(flow: Flow, composites: Composites): readonly FoundAttention[] {
  const cores = rawCores(flow);
  const regions = separate(cores.map((core) => attentionRegion(flow, composites, core)));
  return cores.map((core, at) => ({ core, region: regions[at] as AttentionRegion }));
}
