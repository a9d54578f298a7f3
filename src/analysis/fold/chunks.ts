import { extentOf, positionCount } from '../blocks/extent';
import type { Flow } from '../blocks/flow';
import { runStarts, scopeStarts } from '../blocks/scopeRuns';
import { commonScope, modulePath, scopeOf } from '../blocks/scopes';
import { type Group, type Item, MAX_BOXES, shownIn } from './group';

/** Boxes that a level is cut down to, below the most it may hold: a picture of forty is still read at a glance. */
const WISHED = 40;

function nodesOf(item: Item): readonly number[] {
  return item.kind === 'node' ? [item.index] : item.group.nodes;
}

function lastNode(item: Item): number {
  const nodes = nodesOf(item);
  return nodes[nodes.length - 1] ?? -1;
}

function scopeOfItem(flow: Flow, item: Item): readonly string[] {
  const nodes = nodesOf(item);
  const first = flow.nodes[nodes[0] ?? -1];
  if (!first) return [];
  let scope = scopeOf(first);
  for (const index of nodes) {
    const node = flow.nodes[index];
    if (node && scope.length > 0) scope = commonScope(scope, scopeOf(node));
  }
  return scope;
}

function resolution(flow: Flow, item: Item): number {
  for (const name of flow.nodes[lastNode(item)]?.outputs ?? []) {
    const shape = flow.shape(name);
    if (shape && shape.length >= 3) return positionCount(extentOf(shape, 0));
  }
  return 0;
}

/** Runs of one resolution, where a network of convolutions has a few of them. */
function resolutionStarts(flow: Flow, items: readonly Item[]): readonly number[] | null {
  let current = 0;
  const keys = items.map((item) => {
    const found = resolution(flow, item);
    if (found > 0) current = found;
    return String(current);
  });
  const starts = runStarts(keys);
  return starts.length >= 3 && starts.length <= WISHED / 2 ? starts : null;
}

/** Values that cross each gap between neighbours, item `at` being behind gap `at`. */
function crossings(flow: Flow, items: readonly Item[]): Int32Array {
  const at = new Int32Array(flow.nodes.length).fill(-1);
  items.forEach((item, place) => {
    const nodes = nodesOf(item);
    for (let index = 0; index < nodes.length; index++) at[nodes[index] as number] = place;
  });
  const change = new Int32Array(items.length + 1);
  for (let index = 0; index < at.length; index++) {
    const place = at[index] as number;
    const readers = place < 0 ? [] : (flow.after[index] ?? []);
    let far = place;
    for (let next = 0; next < readers.length; next++) far = Math.max(far, at[readers[next] as number] as number);
    if (far === place) continue;
    change[place + 1] = (change[place + 1] ?? 0) + 1;
    change[far + 1] = (change[far + 1] ?? 0) - 1;
  }
  for (let place = 1; place < change.length; place++) change[place] = (change[place] ?? 0) + (change[place - 1] ?? 0);
  return change;
}

/** Even runs, cut where the fewest values cross. */
function evenStarts(flow: Flow, items: readonly Item[]): readonly number[] {
  const pieces = Math.min(WISHED, Math.max(2, Math.ceil(Math.sqrt(items.length))));
  const size = items.length / pieces;
  const crossing = crossings(flow, items);
  const starts = [0];
  for (let piece = 1; piece < pieces; piece++) {
    const middle = Math.round(piece * size);
    const reach = Math.floor(size / 3);
    let best = middle;
    for (let at = Math.max((starts[starts.length - 1] ?? 0) + 1, middle - reach); at <= middle + reach && at < items.length; at++) {
      if ((crossing[at] ?? 0) < (crossing[best] ?? 0)) best = at;
    }
    if (best > (starts[starts.length - 1] ?? 0) && best < items.length) starts.push(best);
  }
  return starts;
}

function titleOf(flow: Flow, items: readonly Item[], scopes: readonly (readonly string[])[]): string {
  const scope = scopes.reduce((left, right) => commonScope(left, right), scopes[0] ?? []);
  if (scope.length > 0) return modulePath(scope);
  const counts = new Map<string, number>();
  for (const item of items) {
    const name = item.kind === 'group' ? (item.group.block?.label ?? 'Operators') : (flow.nodes[item.index]?.op ?? '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const common = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 2);
  return common.map(([name]) => name).join(', ');
}

/** `Transformer block x11 (12 to 22)` for neighbours of one name, counted from the first of a level; `''` for others. */
function alikeTitle(items: readonly Item[], start: number): string {
  const labels = new Set(items.map((item) => (item.kind === 'group' ? item.group.block?.label : undefined)));
  const [label] = labels;
  return labels.size === 1 && label !== undefined ? `${label} x${items.length} (${start + 1} to ${start + items.length})` : '';
}

function groupRun(flow: Flow, id: string, items: readonly Item[], scopes: readonly (readonly string[])[], place: number): Item {
  const [only] = items;
  if (items.length === 1 && only) return only;
  const nodes = items.flatMap((item) => [...nodesOf(item)]).sort((a, b) => a - b);
  const hidden = items.flatMap((item) => (item.kind === 'group' ? item.group.hidden : []));
  const leftOut = hidden.length - shownIn(items.filter((item) => item.kind === 'group' && !item.group.constants));
  const alike = alikeTitle(items, place);
  const group: Group = {
    id,
    block: null,
    title: alike === '' ? titleOf(flow, items, scopes) : alike,
    alike: alike === '' ? 1 : items.length,
    nodes,
    hidden,
    leftOut,
    items: chunk(flow, items, id),
  };
  return { kind: 'group', group };
}

/**
 * Puts neighbours of a topological order together until at most `MAX_BOXES`
 * stand side by side: by module path where that makes runs, by resolution,
 * else evenly at narrow places. Runs of one order can never form a circle.
 */
export function chunk(flow: Flow, items: readonly Item[], prefix: string): readonly Item[] {
  if (items.length <= MAX_BOXES) return items;
  const scopes = items.map((item) => scopeOfItem(flow, item));
  const starts = scopeStarts(scopes, 3, WISHED) ?? resolutionStarts(flow, items) ?? evenStarts(flow, items);
  return starts.map((start, at) => {
    const end = starts[at + 1] ?? items.length;
    return groupRun(flow, `${prefix}~${at}`, items.slice(start, end), scopes.slice(start, end), start);
  });
}
