import { minimumOf } from '../../data';
import { words } from '../../operators/meaning';
import type { Composites } from './composites';
import type { Flow } from './flow';
import { layerOf } from './layers';
import { crossesScales } from './scales';
import { actOf, does, operandsOf } from './words';

/** A value multiplied with a gate computed from itself: squeeze-excite (arXiv 1709.01507), gather-excite (arXiv 1810.12348) and their kin. */
export interface Gate {
  readonly kind: 'squeeze-excite' | 'gather-excite';
  readonly nodes: readonly number[];
  readonly input: string;
  readonly output: string;
  readonly channels: number;
  /** Width between its two layers; 0 without. */
  readonly hidden: number;
}

const SQUASH = words('sigmoid', 'hardSigmoid', 'clip', 'tanh');
const POOLS = words('pool', 'reduce');
const STEPS = words('move', 'pool', 'add', 'multiply', 'divide', 'resample', 'relu', 'softmax', ...SQUASH);
/** What may stand behind the curve that squashes a gate. */
const CARRIES = words('move', 'resample', 'multiply', 'divide');
const MAX_STEPS = 24;

/** Averages over every position of an [N, C, H, W] or [N, H, W, C] value. */
export function isGlobalPool(flow: Flow, index: number): boolean {
  const node = flow.nodes[index];
  if (!node) return false;
  const act = actOf(flow, index);
  if (act === 'poolAll') return true;
  const reduces = act === 'reduceMean' || act === 'reduceMax';
  if (!reduces && act !== 'poolWindows') return false;
  const input = flow.shape(node.inputs[0] ?? '');
  const output = flow.shape(node.outputs[0] ?? '');
  if (!input || !output || input.length < 3) return false;
  const pooled = output.reduce((total, size) => total * size, 1);
  const positions = input.slice(2).reduce((total, size) => total * size, 1);
  const rows = input.slice(1, -1).reduce((total, size) => total * size, 1);
  const all = input.reduce((total, size) => total * size, 1);
  if (!reduces) return positions > 1 && all === pooled * positions;
  return input.length >= 4 && (all === pooled * positions || all === pooled * rows) && pooled > 1 && all > pooled;
}

interface Walk {
  readonly nodes: readonly number[];
  readonly layers: readonly number[];
  readonly pools: number;
}

/** Steps from the gate's value back to the gated one; `null` where another value comes in. */
function walk(flow: Flow, composites: Composites, value: string, source: string): Walk | null {
  const nodes = new Set<number>();
  const layers: number[] = [];
  let pools = 0;
  const pending = [value];
  while (pending.length > 0) {
    const name = pending.pop() ?? '';
    if (name === source) continue;
    const index = flow.producer(name);
    const node = flow.nodes[index];
    if (!node || !flow.visible[index] || nodes.size > MAX_STEPS) return null;
    if (nodes.has(index)) continue;
    nodes.add(index);
    if (layerOf(flow, index)) layers.push(index);
    else if (does(flow, index, POOLS)) pools++;
    else if (!does(flow, index, STEPS) && !composites.isActivation(index) && !composites.isNormalization(index)) return null;
    for (const input of node.inputs) if (input !== '' && flow.origin(input) === 'data') pending.push(input);
  }
  return { nodes: [...nodes], layers, pools };
}

function squashes(flow: Flow, value: string): boolean {
  let at = value;
  for (let step = 0; step < 6; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node) return false;
    if (does(flow, index, SQUASH)) return true;
    if (!does(flow, index, CARRIES)) return false;
    at = node.inputs[0] ?? '';
  }
  return false;
}

function gateAt(flow: Flow, composites: Composites, index: number): Gate | null {
  const node = flow.nodes[index];
  const [left = '', right = ''] = operandsOf(flow, index);
  if (!node || left === right || flow.origin(left) !== 'data' || flow.origin(right) !== 'data') return null;
  for (const [source, value] of [
    [left, right],
    [right, left],
  ] as const) {
    if (!squashes(flow, value)) continue;
    const found = walk(flow, composites, value, source);
    if (!found || (found.pools === 0 && found.layers.length === 0)) continue;
    const global = found.nodes.some((step) => isGlobalPool(flow, step));
    const depthwise = found.layers.some((step) => (layerOf(flow, step)?.group ?? 1) > 1);
    if (!global && !depthwise && (found.pools === 0 || crossesScales(flow, index, found.nodes))) continue;
    const plain = found.layers.map((step) => layerOf(flow, step)).filter((layer) => layer && layer.group === 1);
    const shape = flow.shape(source) ?? [];
    return {
      kind: global && !depthwise && plain.length > 0 ? 'squeeze-excite' : 'gather-excite',
      nodes: [...found.nodes, index],
      input: source,
      output: node.outputs[0] ?? '',
      channels: shape[1] ?? 0,
      hidden: plain.length >= 2 ? minimumOf(plain.map((layer) => layer?.outputs ?? 0)) : 0,
    };
  }
  return null;
}

/** Squeeze-excite and its kin: a map multiplied by what was made of its own mean; in the nodes' order. */
export function findGates(flow: Flow, composites: Composites): readonly Gate[] {
  const found: Gate[] = [];
  flow.shown.forEach((index) => {
    if (actOf(flow, index) !== 'multiply' || (composites.of[index] ?? -1) >= 0) return;
    const gate = gateAt(flow, composites, index);
    if (gate) found.push(gate);
  });
  return found;
}
