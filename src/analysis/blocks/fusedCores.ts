import type { Flow } from './flow';
import type { RawCore } from './rawCore';

/** An operator that attends by itself: those whose first input is the hidden state project it, too. */
export function fusedCore(flow: Flow, index: number): RawCore | null {
  const node = flow.nodes[index];
  const meaning = flow.meanings[index];
  if (!node || meaning?.kind !== 'attend' || !flow.visible[index]) return null;
  const own = meaning.projectsItself;
  const query = node.inputs[meaning.query] ?? '';
  return {
    kind: 'fused',
    scores: index,
    softmax: index,
    weightedSum: index,
    query: own ? '' : query,
    key: own ? '' : (node.inputs[meaning.key] ?? query),
    value: own ? '' : (node.inputs[meaning.value] ?? query),
    weights: '',
    output: node.outputs[0] ?? '',
    path: [index],
    mixesHeads: false,
  };
}
