import type { ShapeResult } from '../shapes/types';
import { type FoundAttention, findAttention } from './attention';
import type { AttentionCore } from './attentionCore';
import { addAttentionPooling } from './attentionPooling';
import { ChainWalker, convolutionUnit, depthwiseChain, fusedChain } from './chains';
import { findComposites } from './composites';
import { concatenationBlocks } from './concatenations';
import { copyStructure, type DescribedCore, type LocalStructure } from './copies';
import { describeCore, isLocal } from './describeCore';
import { type BlockAttributes, type Draft, DraftTree, draft } from './draft';
import type { Flow } from './flow';
import { attentionExtents } from './followAxes';
import { findGates, type Gate } from './gates';
import { foldPieces, foldRepeats } from './glance';
import { traitsOf } from './kinds';
import { layerKind } from './layerKinds';
import { layerOf } from './layers';
import { findReparameterised, reparameterisedDraft, repvitDrafts } from './reparameterised';
import { shorten } from './repeated';
import { placesOf, residualBlocks } from './residualBlocks';
import { findResiduals } from './residuals';
import { addScopes } from './scopeBlocks';
import { addStages, type Work } from './stages';
import { transformerBlocks } from './transformers';
import { addUnfoldedMaps } from './unfoldedMaps';

/** What was found in one graph, body or called function. */
export type ScopeStructure = LocalStructure;

function attentionAttributes(core: AttentionCore): BlockAttributes {
  const attributes: BlockAttributes = {
    heads: core.heads,
    headSize: core.headSize,
    queries: core.queries,
    keys: core.keys,
    over: core.over,
    position: core.position,
  };
  if (core.keyValueHeads !== core.heads && core.keyValueHeads > 0) attributes['keyValueHeads'] = core.keyValueHeads;
  if (core.batchWindows > 1) attributes['windows'] = core.batchWindows;
  if (core.partition === 'window' || core.partition === 'grid') {
    attributes['window'] = core.keys;
    attributes['windows'] = core.batchWindows;
    attributes['partition'] = core.partition;
    attributes['shifted'] = core.shifted;
  }
  if (core.causal) attributes['causal'] = true;
  if (core.masked) attributes['masked'] = true;
  if (core.cross) attributes['cross'] = true;
  if (core.linear) attributes['linear'] = true;
  if (core.fused) attributes['fused'] = true;
  return attributes;
}

function attentionLabel(core: AttentionCore): string {
  const parts: string[] = [];
  if (isLocal(core)) parts.push('Local');
  else if (core.shifted) parts.push('Shifted window');
  else if (core.partition === 'grid') parts.push('Grid');
  else if (core.partition === 'window') parts.push('Window');
  if (core.cross) parts.push('cross');
  if (core.over === 'channels') parts.push('channel');
  if (core.linear) parts.push('linear');
  const text = [...parts, 'attention'].join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function addAttention(flow: Flow, tree: DraftTree, found: readonly FoundAttention[]): readonly DescribedCore[] {
  const cores: DescribedCore[] = [];
  const extents = attentionExtents(flow, found);
  for (const [at, one] of found.entries()) {
    const measured = extents[at];
    if (!measured) continue;
    const description = describeCore(flow, one, measured);
    const block = draft('attention', attentionLabel(description), one.region.nodes, attentionAttributes(description));
    if (!tree.insert(block)) continue;
    cores.push({ block, core: description, found: one });
  }
  return cores;
}

function addGates(tree: DraftTree, gates: readonly Gate[]): void {
  for (const gate of gates) {
    const label = gate.kind === 'squeeze-excite' ? 'Squeeze-excite' : 'Gather-excite';
    tree.insert(
      draft(gate.kind, label, gate.nodes, gate.hidden > 0 ? { channels: gate.channels, hidden: gate.hidden } : { channels: gate.channels }),
    );
  }
}

/** Blocks inside which convolutional blocks are still looked for. */
/** Convolutional blocks that no residual surrounds, then single convolutions with norm and activation. */
function addChains(flow: Flow, tree: DraftTree, walker: ChainWalker): void {
  const free = (index: number): boolean => {
    const kind = tree.rootOf(index)?.kind;
    return kind === undefined || traitsOf(kind).open === true;
  };
  const each = (make: (index: number) => Draft | null): void => {
    for (const index of flow.shown) {
      const block = layerOf(flow, index) && free(index) ? make(index) : null;
      if (block) tree.insert(block);
    }
  };
  each((index) => {
    const layer = layerOf(flow, index);
    return layer && layerKind(layer) === 'depthwise' ? depthwiseChain(walker, index, free) : null;
  });
  each((index) => fusedChain(walker, index, free));
  each((index) => convolutionUnit(walker, index, free));
}

/** What a neighbourhood tells: attention first, then what is built around and beside it. */
function localStructure(flow: Flow): LocalStructure {
  const composites = findComposites(flow);
  const attention = findAttention(flow, composites);
  const tree = new DraftTree(flow.nodes.length);
  const cores = addAttention(flow, tree, attention);
  const gates = findGates(flow, composites);
  addGates(tree, gates);
  for (const composite of composites.list) tree.insert(draft(composite.kind, composite.label, composite.nodes));
  const inAttention = new Set(attention.flatMap((found) => [...found.region.nodes]));
  const reparameterised = findReparameterised(flow, composites);
  for (const one of reparameterised) tree.insert(reparameterisedDraft(one));
  const residuals = findResiduals(flow, composites, new Set([...inAttention, ...reparameterised.flatMap(({ nodes }) => nodes)]));
  const attentions = attention.map((one) => one.region.nodes);
  const gateNodes = gates.map((gate) => gate.nodes);
  const spare = new Set(reparameterised.flatMap(({ others }) => others));
  const found = { flow, composites, attentions, spare, gates: gateNodes, attentionOf: placesOf(attentions), gateOf: placesOf(gateNodes) };
  const blocks = residualBlocks(found, residuals);
  for (const block of blocks) if (block.draft) tree.insert(block.draft);
  for (const block of repvitDrafts(reparameterised, gates, blocks)) tree.insert(block);
  for (const block of transformerBlocks(flow, blocks)) tree.insert(block);
  for (const block of concatenationBlocks(flow, inAttention)) tree.insert(block);
  addChains(flow, tree, new ChainWalker(flow, composites, gates));
  return { tree, composites, attention, cores, given: [] };
}

/** Finds the structure of one scope. Of a stretch that repeats many times some copies are looked at, and the rest are given what those have. */
export function scopeStructure(shapes: ShapeResult, flow: Flow, outer: Flow | null, work: Work): ScopeStructure {
  const shortened = shorten(shapes, flow, outer);
  const copied = shortened && copyStructure(shortened, flow, localStructure(shortened.flow));
  const structure = copied ?? localStructure(flow);
  addUnfoldedMaps(flow, structure.tree);
  addAttentionPooling(flow, structure.tree, structure.cores);
  addStages(flow, structure.tree, work);
  foldRepeats(flow, structure.tree, work);
  addScopes(flow, structure.tree);
  foldPieces(flow, structure.tree, work);
  return structure;
}
