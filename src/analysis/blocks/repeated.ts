import { append } from '../../data/lists';
import { wiringOf } from '../../graph';
import { findRepeats, type Repeat } from '../../graph/repeats';
import type { Node } from '../../model';
import type { ScopeShapes, ShapeResult } from '../shapes/types';
import { type Flow, readFlow } from './flow';
import { isLikeScope } from './scopes';

/** Copies that stay at either end of a stretch: what is found there may look at what lies beside it. */
const LEAST_KEPT = 4;
/** Nodes that stay there, more than most walks go. A walk that goes through all that is left reaches too far to be copied. */
const KEPT_NODES = 128;

function keptOf(period: number): number {
  return Math.max(LEAST_KEPT, Math.ceil(KEPT_NODES / period));
}

/** A place where copies of a stretch were left out, in node numbers of the shortened graph. */
export interface Cut {
  /** First node of the stretch. */
  readonly start: number;
  readonly period: number;
  /** First node behind what was left out; `kept` copies stand before it and as many from it on. */
  readonly at: number;
  readonly kept: number;
  /** Copies left out. */
  readonly copies: number;
}

/** A scope in which most copies of every stretch that repeats are left out. */
export interface Shortened {
  readonly flow: Flow;
  /** By `at`. */
  readonly cuts: readonly Cut[];
}

/** True where a copy's values are read in it and in the next copy only, none is handed out, and no node has bodies. */
function isClosed({ scope, isOutputAt }: Flow, { start, period, copies }: Repeat): boolean {
  const { nodes, outputs, readers } = scope.wiring;
  const { starts, items } = readers();
  const hasBodies = scope.bodies.size > 0;
  const kept = keptOf(period);
  const end = start + (copies - kept) * period;
  for (let node = start + kept * period; node < end; node++) {
    const one = nodes[node];
    if (!one || (hasBodies && scope.bodies.has(one))) return false;
    const limit = node - ((node - start) % period) + 2 * period;
    for (let at = outputs.starts[node] as number; at < (outputs.starts[node + 1] as number); at++) {
      const value = outputs.items[at] as number;
      if (value < 0) continue;
      const last = (starts[value + 1] as number) - 1;
      if (last >= (starts[value] as number) && (items[last] as number) >= limit) return false;
      if (isOutputAt(value)) return false;
    }
  }
  return true;
}

function repeatsOf(flow: Flow): readonly Repeat[] {
  const { wiring, classes } = flow.scope;
  const { nodes } = wiring;
  const like = {
    classes,
    isLike: (node: number, copy: number) =>
      flow.visible[node] === flow.visible[copy] && isLikeScope(nodes[node - 1], nodes[node] as Node, nodes[copy - 1], nodes[copy] as Node),
    isGivenAlike: (value: number, other: number) => flow.originAt(value) === 'constant' && flow.originAt(other) === 'constant',
  };
  return findRepeats(wiring, like, (period) => 3 * keptOf(period)).filter((repeat) => isClosed(flow, repeat));
}

/** Nodes of a copy, reading from `distance` nodes earlier what they read from the copy before. */
function rewired({ scope }: Flow, from: number, period: number, distance: number): readonly Node[] {
  const { nodes, inputs, producer, outputs, values } = scope.wiring;
  return nodes.slice(from, from + period).map((node, place) => {
    const start = inputs.starts[from + place] as number;
    let changed = false;
    const names = node.inputs.map((name, at) => {
      const value = inputs.items[start + at] as number;
      const maker = value < 0 ? -1 : (producer[value] as number);
      if (maker < from - period || maker >= from) return name;
      const output = outputs.items.indexOf(value, outputs.starts[maker]) - (outputs.starts[maker] as number);
      changed = true;
      return values[outputs.items[(outputs.starts[maker - distance] as number) + output] as number] ?? '';
    });
    return changed ? { ...node, inputs: names } : node;
  });
}

/** The scope without the middle of every stretch that repeats; `null` where none repeats often enough. */
export function shorten(shapes: ShapeResult, flow: Flow, outer: Flow | null): Shortened | null {
  const { scope } = flow;
  const { wiring, graph } = scope;
  if (!graph || wiring.sorted < wiring.nodes.length) return null;
  const repeats = repeatsOf(flow);
  if (repeats.length === 0) return null;
  const nodes: Node[] = [];
  const cuts: Cut[] = [];
  let done = 0;
  for (const { start, period, copies } of repeats) {
    const kept = keptOf(period);
    const left = start + kept * period;
    const right = start + (copies - kept) * period;
    append(nodes, wiring.nodes.slice(done, left));
    cuts.push({ start: nodes.length - kept * period, period, at: nodes.length, kept, copies: copies - 2 * kept });
    append(nodes, rewired(flow, right, period, right - left));
    done = right + period;
  }
  append(nodes, wiring.nodes.slice(done));
  return { flow: readFlow(shapes, within(scope, nodes), outer), cuts };
}

/** The scope with some of its nodes only. */
function within(scope: ScopeShapes, nodes: readonly Node[]): ScopeShapes {
  if (!scope.graph) return scope;
  const graph = { ...scope.graph, nodes };
  const wiring = wiringOf(graph);
  const { facts } = scope;
  const classes = new Int32Array(nodes.length).fill(-1);
  const named = { get: (name: string) => facts.get(name), has: (name: string) => facts.has(name) };
  return {
    ...scope,
    graph,
    nodes,
    order: nodes,
    wiring,
    classes,
    facts: { ...named, at: (value) => facts.get(wiring.values[value] ?? '') },
  };
}
