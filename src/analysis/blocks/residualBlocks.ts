import { type BranchFacts, classifyBranch } from './classify';
import type { Composites } from './composites';
import { type Draft, draft } from './draft';
import type { Flow } from './flow';
import type { BlockKind } from './kinds';
import { kernelOf, layersIn } from './layerKinds';
import type { Residual } from './residuals';
import { crossesScales } from './scales';
import { between } from './softmaxCores';
import { addsConstant } from './words';

/** What residual blocks are made from. */
export interface Found {
  readonly flow: Flow;
  readonly composites: Composites;
  /** Nodes of attentions, by attention. */
  readonly attentions: readonly ReadonlySet<number>[];
  readonly gates: readonly (readonly number[])[];
  /** Convolutions that add to another one and count as none. */
  readonly spare: ReadonlySet<number>;
  /** Places in these lists, by node. */
  readonly attentionOf: ReadonlyMap<number, number>;
  readonly gateOf: ReadonlyMap<number, number>;
}

/** Which of several lists each node is in. */
export function placesOf(lists: readonly Iterable<number>[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  lists.forEach((nodes, at) => {
    for (const index of nodes) places.set(index, at);
  });
  return places;
}

function touchedPlaces(places: ReadonlyMap<number, number>, nodes: Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const index of nodes) {
    const at = places.get(index);
    if (at !== undefined) found.add(at);
  }
  return found;
}

/** A sum of a value and what was made of it, and what that makes of its branch. */
export interface ResidualBlock {
  readonly residual: Residual;
  /** `attention` for a branch around an attention, else the kind of the block. */
  readonly kind: BlockKind | '';
  readonly nodes: readonly number[];
  readonly draft: Draft | null;
}

/** The nodes of an activation (or norm, in post-norm networks) right behind a sum that nothing else reads. */
function trailing(found: Found, residual: Residual): readonly number[] {
  const { flow, composites } = found;
  const readers = flow.after[residual.add] ?? [];
  const list = new Set(readers.map((reader) => composites.of[reader] ?? -1));
  const composite = list.size === 1 ? composites.list[[...list][0] ?? -1] : undefined;
  const first = readers[0];
  if (first === undefined || (readers.length > 1 && !composite)) return [];
  const nodes = composite ? composite.nodes : [first];
  if (composites.isActivation(first) && composite?.kind !== 'normalization') return nodes;
  const startsWithNorm = residual.body.some(
    (index) => composites.isNormalization(index) && flow.nodes[index]?.inputs.includes(residual.source),
  );
  return composites.isNormalization(first) && !startsWithNorm ? nodes : [];
}

function contains(nodes: ReadonlySet<number>, part: Iterable<number>): boolean {
  for (const index of part) if (!nodes.has(index)) return false;
  return true;
}

function verdictOf(
  found: Found,
  residual: Residual,
): { readonly kind: BlockKind | ''; readonly draft: Draft | null; readonly nodes: readonly number[] } {
  const { flow, composites } = found;
  const body = new Set(residual.body);
  const attentions = [...touchedPlaces(found.attentionOf, body)].flatMap((at) => found.attentions[at] ?? []);
  const gates = [...touchedPlaces(found.gateOf, body)].map((at) => found.gates[at] ?? []).filter((nodes) => contains(body, nodes));
  const inner = new Set([
    ...attentions.flatMap((nodes) => [...nodes]),
    ...gates.flat(),
    ...residual.body.filter((index) => found.spare.has(index)),
  ]);
  const facts: BranchFacts = {
    flow,
    nodes: residual.body,
    inner,
    attentions: attentions.length,
    gates: gates.length,
    isActivation: composites.isActivation,
    isNormalization: composites.isNormalization,
  };
  const nodes = [
    ...new Set([
      ...residual.body,
      ...attentions.flatMap((part) => [...part]),
      ...residual.shortcut,
      residual.add,
      ...trailing(found, residual),
    ]),
  ];
  if (crossesScales(flow, residual.add, [...residual.body, ...residual.shortcut], inner)) return { kind: '', draft: null, nodes };
  if (attentions.length > 0) return { nodes, ...aroundAttention(facts, nodes) };
  const verdict = classifyBranch(facts);
  if (!verdict) return { kind: '', draft: null, nodes };
  if (verdict.kind === 'feed-forward' || (verdict.kind === 'token-mixing' && layersIn(flow, residual.body, inner).length > 0))
    return { kind: verdict.kind, nodes, draft: draft(verdict.kind, verdict.label, layerSpan(facts), verdict.attributes) };
  return { kind: verdict.kind, nodes, draft: draft(verdict.kind, verdict.label, nodes, { ...verdict.attributes, residual: true }) };
}

/** From the first layer to the last and its bias: a feed-forward network without the norm before it and the sum behind it. */
function layerSpan(facts: BranchFacts): readonly number[] {
  const { flow } = facts;
  const layers = layersIn(flow, facts.nodes, facts.inner);
  const last = layers[layers.length - 1]?.index ?? -1;
  const nodes = new Set(layers.flatMap((placed) => between(flow, placed.index, last)));
  for (const placed of layers) nodes.add(placed.index);
  const bias = (flow.after[last] ?? []).find((index) => addsConstant(flow, index));
  return bias === undefined ? [...nodes] : [...nodes, bias];
}

/** A branch with attention: a bottleneck around it (BoTNet, AA-ResNet), an inverted one (AA-MnasNet), a whole transformer block, or just the attention's residual. */
function aroundAttention(facts: BranchFacts, nodes: readonly number[]): { readonly kind: BlockKind | ''; readonly draft: Draft | null } {
  const layers = layersIn(facts.flow, facts.nodes, facts.inner);
  const first = layers[0];
  const last = layers[layers.length - 1];
  const depthwise = layers.find((placed) => placed.kind === 'depthwise');
  if (depthwise && first && last?.kind === 'pointwise' && depthwise.layer.outputs > last.layer.outputs) {
    const attributes = { channels: last.layer.outputs, kernel: kernelOf(depthwise.layer), attention: true, residual: true };
    return { kind: 'mbconv', draft: draft('mbconv', 'MBConv with attention', nodes, attributes) };
  }
  if (first && last && first !== last && first.kind === 'pointwise' && last.kind === 'pointwise' && layers.length <= 4) {
    const attributes = { channels: last.layer.outputs, inputChannels: first.layer.inputs, attention: true, residual: true };
    return { kind: 'residual-bottleneck', draft: draft('residual-bottleneck', 'Bottleneck with attention', nodes, attributes) };
  }
  // The attention may be the other of the two (a fully attentional AA-ResNet-34).
  if (layers.some((placed) => placed.kind === 'spatial')) {
    const attributes = { channels: last?.layer.outputs ?? 0, attention: true, residual: true };
    return { kind: 'residual-basic', draft: draft('residual-basic', 'Residual block with attention', nodes, attributes) };
  }
  return { kind: 'attention', draft: null };
}

/** The kind of each residual sum, in their order. */
export function residualBlocks(found: Found, residuals: readonly Residual[]): readonly ResidualBlock[] {
  return residuals.map((residual) => ({ residual, ...verdictOf(found, residual) }));
}
