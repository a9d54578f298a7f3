import { append } from '../../data';
import type { Node, Tensor } from '../../model';
import { attributesOf } from '../../operators/attributes';
import { type Word, words } from '../../operators/meaning';
import type { Flow } from './flow';
import { layerOf } from './layers';
import type { RawCore } from './rawCore';
import { actOf, does, MOVEMENT } from './words';

/** What is added to or hides scores between their product and the weighted sum. */
export interface ScoreTerms {
  readonly masked: boolean;
  readonly causal: boolean;
  /** A constant table or learned bias per pair of tokens is added. */
  readonly bias: boolean;
}

/** What looks rows of a learned table up, or makes a table of learned ones. */
const LOOK_UPS: readonly Word[] = ['gather', 'gatherElements', 'gatherEntries', 'multiplyMatrices'];
/** Steps that bring a bias or a mask to the scores. */
const TERMS = words('add', 'subtract', 'select', 'multiply');
const MAX_ANCESTRY = 60;
/** Masks too large to be looked at are known by what exporters call them. */
const CAUSAL_NAME = /causal|tril|triu|look_?ahead/i;

/** Inputs whose elements end up in the result: not shapes, axes or indices. */
function valuesOf(flow: Flow, index: number, node: Node): readonly string[] {
  const act = actOf(flow, index);
  if (act === 'concat' || act === 'select' || !does(flow, index, MOVEMENT)) return node.inputs;
  return act === 'scatter' ? [node.inputs[0] ?? '', node.inputs[2] ?? ''] : node.inputs.slice(0, 1);
}

/** What the ancestors of a value that is no data do, unknown ones apart, and where they end. */
function ancestry(flow: Flow, value: string): { readonly acts: ReadonlySet<string>; readonly roots: readonly string[] } {
  const acts = new Set<string>();
  const roots: string[] = [];
  const seen = new Set<string>();
  const pending = [value];
  while (pending.length > 0 && seen.size < MAX_ANCESTRY) {
    const name = pending.pop() ?? '';
    if (name === '' || seen.has(name)) continue;
    seen.add(name);
    const index = flow.producer(name);
    const node = flow.nodes[index];
    if (!node || actOf(flow, index) === 'constant') {
      roots.push(name);
      continue;
    }
    acts.add(actOf(flow, index) ?? `${node.domain}.${node.op}`);
    append(pending, valuesOf(flow, index, node));
  }
  return { acts, roots };
}

function tensorOf(flow: Flow, name: string): Tensor | null {
  const node = flow.nodes[flow.producer(name)];
  if (node) {
    const attribute = attributesOf(node, flow.scope.attributes).get('value');
    return attribute?.kind === 'tensor' ? attribute.value : null;
  }
  return flow.scope.graph?.initializers.find((tensor) => tensor.name === name) ?? null;
}

/** Elements of a small float or boolean tensor kept in the model; `null` for anything else. */
function elements(tensor: Tensor): readonly number[] | null {
  if (tensor.storage.kind !== 'inline') return null;
  const { data } = tensor.storage;
  if (tensor.dtype === 'bool') return [...data];
  if (tensor.dtype !== 'float32') return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: Math.floor(data.byteLength / 4) }, (_, at) => view.getFloat32(at * 4, true));
}

/** True for a square mask that hides exactly what lies right of the diagonal. */
function isTriangular(tensor: Tensor): boolean {
  const size = tensor.shape[tensor.shape.length - 1] ?? 0;
  const rows = tensor.shape[tensor.shape.length - 2] ?? 0;
  const values = size > 1 && rows === size ? elements(tensor) : null;
  if (values?.length !== size * size) return false;
  const shown = values[0];
  const hidden = values[1];
  if (shown === hidden) return false;
  return values.every((value, at) => value === (at % size > Math.floor(at / size) ? hidden : shown));
}

function isCausal(flow: Flow, value: string): boolean {
  const { acts, roots } = ancestry(flow, value);
  if (acts.has('triangle')) return true;
  if (roots.some((name) => CAUSAL_NAME.test(name))) return true;
  return roots.some((name) => {
    const tensor = tensorOf(flow, name);
    return tensor !== null && isTriangular(tensor);
  });
}

/** Several tokens on both of the last axes, so that each pair of tokens has a number. */
function isPairwise(flow: Flow, value: string): boolean {
  const shape = flow.shape(value);
  if (!shape || shape.length < 2) return false;
  return (shape[shape.length - 1] ?? 1) > 1 && (shape[shape.length - 2] ?? 1) > 1;
}

/** True where a learned table (looked up by Gather, or stored in full) makes the value; masks come from comparisons or few values. */
function isTable(flow: Flow, value: string): boolean {
  const { acts, roots } = ancestry(flow, value);
  if (LOOK_UPS.some((act) => acts.has(act))) return true;
  const shape = flow.shape(value) ?? [];
  const heads = shape[shape.length - 3] ?? 1;
  return heads > 1 && shape.length <= 4 && roots.length === 1 && acts.size <= 3 && !acts.has('scatter') && !acts.has('select');
}

/** Reads masks and biases off the steps between scores and weighted sum: what is not made from its projections (`own`). */
export function scoreTerms(flow: Flow, core: RawCore, own: ReadonlySet<number>): ScoreTerms {
  let masked = false;
  let causal = false;
  let bias = false;
  if (core.kind !== 'softmax') return { masked, causal, bias };
  for (const index of core.path) {
    const node = flow.nodes[index];
    if (!node || index === core.scores || index === core.weightedSum || layerOf(flow, index)) continue;
    if (!does(flow, index, TERMS)) continue;
    const act = actOf(flow, index);
    for (const name of node.inputs) {
      const producer = flow.producer(name);
      if (name === '' || own.has(producer)) continue;
      if (act === 'select' ? name !== node.inputs[0] : !isPairwise(flow, name) && flow.origin(name) !== 'data') continue;
      const table = act === 'add' && flow.origin(name) !== 'data' && isTable(flow, name);
      bias ||= table;
      masked ||= !table;
      causal ||= !table && isCausal(flow, name);
    }
  }
  return { masked, causal, bias };
}
