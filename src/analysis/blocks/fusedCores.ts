import type { Flow } from './flow';
import { FUSED_ATTENTION } from './operatorSets';
import type { RawCore } from './rawCore';

/** Inputs that hold queries, keys and values; operators whose first input is the hidden state project it themselves. */
const OPERANDS: Readonly<Record<string, readonly [number, number, number]>> = {
  MultiHeadAttention: [0, 1, 2],
  GroupQueryAttention: [0, 1, 2],
  PackedMultiHeadAttention: [0, 1, 2],
  DecoderMaskedMultiHeadAttention: [0, 1, 2],
  SparseAttention: [0, 1, 2],
  PagedAttention: [0, 1, 2],
  LinearAttention: [0, 1, 2],
  DecoderAttention: [0, 1, 1],
  LongformerAttention: [0, 0, 0],
  QOrderedAttention: [0, 0, 0],
};

/** True for the contrib operators that hold their qkv weights themselves. */
export function projectsItself(op: string, domain: string): boolean {
  if (op === 'QAttention' || op === 'PackedAttention' || op === 'DecoderMaskedSelfAttention' || op === 'QOrderedAttention') return true;
  return op === 'LongformerAttention' || op === 'DecoderAttention' || (op === 'Attention' && domain === 'com.microsoft');
}

/** A fused attention operator of ai.onnx (Attention-23) or com.microsoft. */
export function fusedCore(flow: Flow, index: number): RawCore | null {
  const node = flow.nodes[index];
  if (!node || !FUSED_ATTENTION.has(node.op) || !flow.visible[index]) return null;
  const own = projectsItself(node.op, node.domain);
  const [q, k, v] = OPERANDS[node.op] ?? (own ? [0, 0, 0] : [0, 1, 2]);
  const query = node.inputs[q] ?? '';
  return {
    kind: 'fused',
    scores: index,
    softmax: index,
    weightedSum: index,
    query: own ? '' : query,
    key: own ? '' : (node.inputs[k] ?? query),
    value: own ? '' : (node.inputs[v] ?? query),
    weights: '',
    output: node.outputs[0] ?? '',
    path: [index],
    mixesHeads: false,
  };
}
