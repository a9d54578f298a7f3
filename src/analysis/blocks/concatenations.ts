import { denseBlocks, isConcat, joinedValues } from './denseBlocks';
import { immediateDominators } from './dominators';
import { type Draft, draft } from './draft';
import type { Flow } from './flow';
import { layersIn } from './layerKinds';
import { crossesScales } from './scales';
import { commonScope, modulePath, scopeOf } from './scopes';

const MAX_REGION = 400;

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

/** A value and one thing made of it: a skip over part of the network, which is no module of its own. */
function isSkip(flow: Flow, values: ReadonlySet<string>, entry: number): boolean {
  const outputs = flow.nodes[entry]?.outputs.filter((name) => name !== '') ?? [];
  return values.size === 2 && outputs.length === 1 && values.has(outputs[0] ?? '');
}

/**
 * The squeezing layer of a Fire module (SqueezeNet, arXiv 1602.07360) and its activation: one pointwise convolution
 * that a pointwise and a 3x3 one expand side by side; `null` where the branches are not those two.
 */
function squeezeOf(flow: Flow, nodes: readonly number[]): readonly number[] | null {
  const layers = layersIn(flow, nodes);
  const [one, other] = layers;
  if (!one || !other || layers.length !== 2 || one.layer.input !== other.layer.input) return null;
  const kernels = layers.map(({ layer }) => layer.kernel.join('x')).sort();
  if (kernels.join() !== '1x1,3x3') return null;
  const inside = new Set(nodes);
  const steps: number[] = [];
  let at = flow.producer(one.layer.input);
  for (let step = 0; step < 3; step++) {
    const readers = flow.after[at] ?? [];
    if (at < 0 || !readers.every((reader) => inside.has(reader) || steps.includes(reader))) return null;
    steps.push(at);
    const [layer] = layersIn(flow, [at]);
    if (layer) return layer.kind === 'pointwise' && layer.layer.outputs < one.layer.outputs + other.layer.outputs ? steps : null;
    at = flow.producer(flow.nodes[at]?.inputs[0] ?? '');
  }
  return null;
}

/** Branches that part at one value and are concatenated: Inception's modules, ShuffleNet's units, attention-augmented convolution. */
function branchDraft(flow: Flow, join: number, entry: number, attention: ReadonlySet<number>): Draft | null {
  const values = new Set(joinedValues(flow, join));
  if (isSkip(flow, values, entry)) return null;
  const nodes = region(flow, join, entry);
  if (!nodes || (entry < 0 && !hasOneSource(flow, nodes))) return null;
  const attends = nodes.some((index) => attention.has(index));
  if (layersIn(flow, nodes, attention).length < (attends ? 1 : 2) || crossesScales(flow, join, nodes, attention)) return null;
  const channels = flow.shape(flow.nodes[join]?.outputs[0] ?? '')?.[1] ?? 0;
  if (attends && isAugmented(flow, join, nodes, attention)) {
    return draft('attention-augmented-convolution', 'Attention-augmented convolution', nodes, { channels });
  }
  const squeeze = squeezeOf(flow, nodes);
  if (squeeze) return draft('branches', 'Fire module', [...squeeze, ...nodes], { channels, branches: values.size });
  return draft('branches', labelOf(flow, nodes), nodes, { channels, branches: values.size });
}

/** Blocks that end in a concatenation, DenseNet's first. A concatenation of an encoder-decoder's skip ends none. */
export function concatenationBlocks(flow: Flow, attention: ReadonlySet<number>): readonly Draft[] {
  const concats = flow.shown.filter((index) => isConcat(flow, index));
  if (concats.length === 0) return [];
  const { drafts, joins } = denseBlocks(flow, concats, attention);
  const dominators = immediateDominators(flow);
  const branches = concats.flatMap((join) => {
    if (joins.has(join) || (flow.before[join]?.length ?? 0) < 2) return [];
    return branchDraft(flow, join, dominators[join] ?? -1, attention) ?? [];
  });
  return [...drafts, ...branches];
}
