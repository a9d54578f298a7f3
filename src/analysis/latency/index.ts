import type { Graph, Model, Node } from '../../model';
import { meaningOf } from '../../operators/registry';
import type { Analysis } from '../assemble';
import { OriginalNames } from './names';
import { pairKernels } from './pair';
import { type IsConstant, replacedNodes } from './replaced';
import type { KernelTime, LatencyResult, MappedKernel } from './types';

export type { KernelTime, LatencyResult, MappedKernel } from './types';

/**
 * Puts the times of kernels on the nodes they replaced. A kernel's time is
 * shared over its nodes by their multiply-adds; where none of them has any, all
 * of it goes to the last, whose value the kernel makes.
 * @param fused the graph as the runtime rewrote it; without it kernels are matched by name alone
 */
export function mapLatency(
  analysis: Pick<Analysis, 'model' | 'shapes' | 'costs'>,
  kernels: readonly KernelTime[],
  fused: Model | null,
): LatencyResult {
  const { graph } = analysis.model;
  const original = new OriginalNames(graph, analysis.model.opsets);
  const pairs = fused ? pairKernels(kernels, fused.graph.nodes) : kernels.map(() => null);
  const ran = kernels.map(({ name, op }, index) => ({ name, op, node: pairs[index] ?? null }));
  const replaced = replacedNodes(ran, original, constants(analysis, fused));
  const position = new Map(graph.nodes.map((node, index) => [node, index]));
  const times = new Map<string, number>();
  const mapped = kernels.map((kernel, index): MappedKernel => {
    const { nodes, last, layout } = replaced[index] ?? { nodes: [], last: null, layout: false };
    const ordered = [...nodes].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
    if (last) share(kernel.microseconds, ordered, last, layout, analysis.costs.nodes, times);
    return { ...kernel, nodes: ordered.map(({ id }) => id), layout };
  });
  return { kernels: mapped, nodes: times, unmapped: mapped.filter(({ nodes }) => nodes.length === 0) };
}

function share(
  microseconds: number,
  nodes: readonly Node[],
  last: Node,
  layout: boolean,
  costs: Analysis['costs']['nodes'],
  times: Map<string, number>,
): void {
  const macs = nodes.map(({ id }) => (layout ? 0 : Number(costs.get(id)?.macs ?? 0n)));
  const total = macs.reduce((sum, count) => sum + count, 0);
  nodes.forEach((node, index) => {
    const part = total > 0 ? (macs[index] ?? 0) / total : node === last ? 1 : 0;
    times.set(node.id, (times.get(node.id) ?? 0) + microseconds * part);
  });
}

/** Values known without running: the runtime folds them, so the nodes that make them take no time. */
function constants({ model, shapes }: Pick<Analysis, 'model' | 'shapes'>, fused: Model | null): IsConstant {
  const known = initializerNames(model.graph);
  for (const node of shapes.main.order) {
    const meaning = meaningOf(node, model.opsets);
    const fixed = node.inputs.length > 0 || meaning?.does === 'constant';
    if (fixed && meaning?.kind !== 'random' && node.inputs.every((value) => value === '' || known.has(value))) {
      for (const output of node.outputs) known.add(output);
    }
  }
  for (const name of fused ? initializerNames(fused.graph) : []) known.add(name);
  return (value) => {
    if (known.has(value)) return true;
    const fact = shapes.fact(value);
    return fact.kind === 'tensor' && fact.data?.every((element) => typeof element === 'number') === true;
  };
}

function initializerNames(graph: Graph): Set<string> {
  return new Set(graph.initializers.map(({ name }) => name));
}
