import type { Composites } from './composites';
import type { Flow } from './flow';
import { layerOf } from './layers';
import { actOf } from './words';

/** A sum of a value with what a branch made of it. */
export interface Residual {
  readonly add: number;
  /** The value that both ways start from. */
  readonly source: string;
  /** Nodes of the branch. */
  readonly body: readonly number[];
  /** Nodes on the shortcut (projection, pooling); `[]` for the identity. */
  readonly shortcut: readonly number[];
}

/** Skips over more nodes than this join distant parts of a network (U-Net, feature pyramids) and make no block. */
const MAX_BRANCH = 600;
/** And than this, however far apart the file lists them, counting hidden nodes too. */
const MAX_SPAN = 6000;
const MAX_SHORTCUT = 14;

/** Nodes from `value` back to `source`, or `null` when the way does not lead there. Other ways in end at values older than the source. */
function branch(flow: Flow, value: string, source: string, floor: number): readonly number[] | null {
  if (flow.producer(value) - floor > MAX_SPAN) return null;
  const seen = new Set<number>();
  const pending = [value];
  let reached = false;
  while (pending.length > 0) {
    const name = pending.pop() ?? '';
    if (name === source) {
      reached = true;
      continue;
    }
    const index = flow.producer(name);
    if (index < 0 || index <= floor || seen.has(index) || !flow.visible[index]) continue;
    if (seen.size > MAX_BRANCH) return null;
    seen.add(index);
    for (const input of flow.nodes[index]?.inputs ?? []) if (input !== '') pending.push(input);
  }
  return reached ? fromSource(flow, seen, source) : null;
}

/** Keeps what depends on the source: keys of cross attention come in from elsewhere and are kept as well when nothing else reads them. */
function fromSource(flow: Flow, nodes: ReadonlySet<number>, source: string): readonly number[] {
  const kept = new Set<number>();
  const sorted = [...nodes].sort((a, b) => a - b);
  for (const index of sorted) {
    if (flow.nodes[index]?.inputs.some((name) => name === source || kept.has(flow.producer(name)))) kept.add(index);
  }
  for (const index of sorted.reverse()) {
    if (!kept.has(index) && (flow.after[index] ?? []).every((reader) => kept.has(reader))) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Values behind an operand through steps with one data input (or known residuals): candidates for the place where the ways part. */
function chain(
  flow: Flow,
  composites: Composites,
  value: string,
  sums: ReadonlyMap<number, string>,
): readonly (readonly [string, readonly number[]])[] {
  const found: [string, readonly number[]][] = [[value, []]];
  let at = value;
  let nodes: readonly number[] = [];
  for (let step = 0; step < MAX_SHORTCUT; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node || !flow.visible[index]) break;
    const composite = composites.list[composites.of[index] ?? -1];
    const data = node.inputs.filter((name) => name !== '' && flow.origin(name) === 'data');
    const behind = sums.get(index);
    if (composite) nodes = [...nodes, ...composite.nodes];
    else nodes = [...nodes, index];
    const next: string | undefined = composite?.input ?? (data.length === 1 ? data[0] : behind);
    if (next === undefined) break;
    at = next;
    found.push([at, nodes]);
    if (behind !== undefined) break;
  }
  return found;
}

/** The branch is the way with more weighted layers, then with more operators. */
function weight(flow: Flow, nodes: readonly number[]): number {
  return nodes.filter((index) => layerOf(flow, index) !== null).length * 1000 + nodes.length;
}

/** Where the two operands of a sum part, and what lies on either way. */
function residualAt(flow: Flow, composites: Composites, add: number, sums: ReadonlyMap<number, string>): Residual | null {
  const names = (flow.nodes[add]?.inputs ?? []).filter((name) => name !== '' && flow.origin(name) === 'data');
  const [left, right] = names;
  if (left === undefined || right === undefined || names.length !== 2 || left === right) return null;
  const sides: readonly (readonly [string, string])[] =
    flow.producer(left) <= flow.producer(right)
      ? [
          [left, right],
          [right, left],
        ]
      : [
          [right, left],
          [left, right],
        ];
  for (const [shortcut, main] of sides) {
    const body = branch(flow, main, shortcut, flow.producer(shortcut));
    if (body && body.length > 0) return { add, source: shortcut, body, shortcut: [] };
  }
  for (const [shortcut, main] of sides) {
    for (const [source, nodes] of chain(flow, composites, shortcut, sums).slice(1)) {
      const body = branch(flow, main, source, flow.producer(source));
      if (!body || body.length === 0) continue;
      const passes = nodes.some((index) => sums.has(index));
      if (passes) return { add, source, body, shortcut: [] };
      const rest = body.filter((index) => !nodes.includes(index));
      return weight(flow, rest) >= weight(flow, nodes)
        ? { add, source, body: rest, shortcut: nodes }
        : { add, source, body: nodes, shortcut: rest };
    }
  }
  return null;
}

/** Every residual of a scope, in topological order of its sums. */
export function findResiduals(flow: Flow, composites: Composites, skip: ReadonlySet<number>): readonly Residual[] {
  const found: Residual[] = [];
  const sums = new Map<number, string>();
  flow.shown.forEach((index) => {
    if (actOf(flow, index) !== 'add' || skip.has(index) || (composites.of[index] ?? -1) >= 0) return;
    const residual = residualAt(flow, composites, index, sums);
    if (!residual) return;
    found.push(residual);
    sums.set(index, residual.source);
  });
  return found;
}
