import { type Draft, type DraftTree, draft } from './draft';
import type { Flow } from './flow';
import { type Item, orderedItems } from './items';
import { layersIn } from './layerKinds';
import { scopeStarts } from './scopeRuns';
import { commonScope, modulePath, scopeOf } from './scopes';

/** Levels with fewer items are read as they are. */
const FEW = 12;
const MOST = 40;
const MIN_NODES = 4;

function scopeOfItem(flow: Flow, item: Item): readonly string[] {
  let scope: readonly string[] | null = null;
  for (const index of item.nodes) {
    const node = flow.nodes[index];
    if (!node) continue;
    scope = scope === null ? scopeOf(node) : commonScope(scope, scopeOf(node));
    if (scope.length === 0) break;
  }
  return scope ?? [];
}

function isKnown(item: Item): boolean {
  return item.block !== null && item.block.kind !== 'convolution' && item.block.kind !== 'depthwise-separable';
}

/** Blocks of one module each among neighbours that no structure was found for; their own neighbours likewise. */
function divide(flow: Flow, items: readonly Item[], drafts: Draft[]): void {
  if (items.length <= FEW) return;
  const scopes = items.map((item) => scopeOfItem(flow, item));
  const starts = scopeStarts(scopes, 2, MOST);
  if (!starts) return;
  starts.forEach((start, at) => {
    const end = starts[at + 1] ?? items.length;
    const run = items.slice(start, end);
    const nodes = run.flatMap((item) => item.nodes);
    const scope = scopes.slice(start, end).reduce((left, right) => commonScope(left, right), scopes[start] ?? []);
    if (run.length < 2 || nodes.length < MIN_NODES || scope.length === 0 || layersIn(flow, nodes).length === 0) return;
    drafts.push(draft('scope', modulePath(scope), nodes));
    divide(flow, run, drafts);
  });
}

/** Falls back on module paths where structure says nothing: contiguous runs only, so that no block is left and entered again. */
export function addScopes(flow: Flow, tree: DraftTree): void {
  const items = orderedItems(flow, tree);
  let run: Item[] = [];
  const drafts: Draft[] = [];
  for (const item of items) {
    if (!isKnown(item)) {
      run.push(item);
      continue;
    }
    divide(flow, run, drafts);
    run = [];
  }
  divide(flow, run, drafts);
  for (const block of drafts) tree.insert(block);
}
