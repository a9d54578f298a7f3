import type { ChainWalker } from './chains';
import { immediateDominators } from './dominators';
import { type Draft, draft } from './draft';
import type { Flow } from './flow';
import { kernelOf, layersIn } from './layerKinds';
import { layerOf } from './layers';
import { commonScope, modulePath, scopeOf } from './scopes';

const MAX_REGION = 400;

/** True for the operators that join values along an axis. */
export function isConcat(flow: Flow, index: number): boolean {
  return flow.nodes[index]?.op === 'Concat' || flow.nodes[index]?.op === 'QLinearConcat';
}

/** Nodes between a place where ways part and the concatenation that joins them; `null` where data leaves in between. */
function region(flow: Flow, join: number, entry: number): readonly number[] | null {
  const inside = new Set<number>([join]);
  const pending = [join];
  while (pending.length > 0) {
    for (const source of flow.before[pending.pop() ?? -1] ?? []) {
      if (source === entry || inside.has(source)) continue;
      if (inside.size > MAX_REGION) return null;
      inside.add(source);
      pending.push(source);
    }
  }
  for (const index of inside) {
    if (index === join) continue;
    if ((flow.nodes[index]?.outputs ?? []).some((name) => flow.isOutput(name))) return null;
    if (!(flow.after[index] ?? []).every((reader) => inside.has(reader))) return null;
  }
  return [...inside].sort((a, b) => a - b);
}

/** True where one value from outside enters. */
function hasOneSource(flow: Flow, nodes: readonly number[]): boolean {
  const inside = new Set(nodes);
  const names = nodes.flatMap((index) => flow.nodes[index]?.inputs ?? []);
  return new Set(names.filter((name) => name !== '' && flow.origin(name) === 'data' && !inside.has(flow.producer(name)))).size === 1;
}

function labelOf(flow: Flow, nodes: readonly number[]): string {
  const scopes = nodes.flatMap((index) => {
    const node = flow.nodes[index];
    return node ? [scopeOf(node)] : [];
  });
  const scope = scopes.reduce((left, right) => commonScope(left, right), scopes[0] ?? []);
  return scope.length > 0 ? modulePath(scope) : 'Parallel branches';
}

/** Attention beside a convolution: of any extent, or of one position where nothing else lies between the parting and the join. */
function isAugmented(flow: Flow, join: number, nodes: readonly number[], attention: ReadonlySet<number>): boolean {
  const layers = layersIn(flow, nodes, attention);
  if (layers.some((placed) => placed.kind === 'spatial')) return true;
  const inside = new Set(nodes);
  return layers.some(
    ({ kind, index, layer }) =>
      kind === 'pointwise' && !inside.has(flow.producer(layer.input)) && (flow.after[index] ?? []).every((reader) => reader === join),
  );
}

/** Branches that part at one value and are concatenated: Inception's modules, ShuffleNet's units, attention-augmented convolution. */
export function branchBlocks(flow: Flow, attention: ReadonlySet<number>): readonly Draft[] {
  const concats = flow.shown.filter((index) => isConcat(flow, index) && (flow.before[index]?.length ?? 0) >= 2);
  if (concats.length === 0) return [];
  const dominators = immediateDominators(flow);
  return concats.flatMap((join) => {
    const entry = dominators[join] ?? -1;
    const nodes = region(flow, join, entry);
    if (
      !nodes ||
      layersIn(flow, nodes, attention).length < (nodes.some((index) => attention.has(index)) ? 1 : 2) ||
      (entry < 0 && !hasOneSource(flow, nodes))
    )
      return [];
    const channels = flow.shape(flow.nodes[join]?.outputs[0] ?? '')?.[1] ?? 0;
    if (nodes.some((index) => attention.has(index)) && isAugmented(flow, join, nodes, attention)) {
      return [draft('attention-augmented-convolution', 'Attention-augmented convolution', nodes, { channels })];
    }
    const identity = flow.before[join]?.includes(entry) === true;
    const inner = nodes.filter((index) => index !== join && isConcat(flow, index)).length;
    if (identity && inner > 0) return [draft('stage', 'Dense block', nodes, { channels, blocks: inner, of: 'dense' })];
    if (identity) return [draft('dense', 'Dense layer', nodes, { channels })];
    return [draft('branches', labelOf(flow, nodes), nodes, { channels, branches: flow.before[join]?.length ?? 0 })];
  });
}

/** Steps from a concatenation to the convolution whose result only concatenations read: a layer of DenseNet (arXiv 1608.06993). */
export function denseLayer(walker: ChainWalker, index: number): Draft | null {
  const { flow } = walker;
  if (!isConcat(flow, index)) return null;
  const nodes = [index];
  let last = index;
  for (let step = 0; step < 10; step++) {
    const next = walker.next(last);
    const layer = next && walker.layer(next);
    if (!next || !(layer || walker.isNorm(next) || walker.isActivation(next))) return null;
    nodes.push(...next);
    last = next[next.length - 1] ?? last;
    const readers = flow.after[last] ?? [];
    if (layer?.kind !== 'spatial') continue;
    if (readers.length === 0 || !readers.every((reader) => isConcat(flow, reader))) return null;
    const found = layerOf(flow, last);
    return found ? draft('dense', 'Dense layer', nodes, { channels: found.outputs, kernel: kernelOf(found) }) : null;
  }
  return null;
}
