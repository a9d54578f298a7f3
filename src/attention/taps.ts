import type { AttentionCore } from '../analysis/blocks/attentionCore';
import type { Block } from '../analysis/profile';
import type { Graph } from '../model';
import { attentionLabels } from './labels';

/** One attention whose probabilities are to be made an output. */
export interface Tap {
  readonly core: AttentionCore;
  readonly label: string;
  /** Value name of the probabilities in the main graph. */
  readonly value: string;
  /** Windows of distant tokens, evenly spread, instead of neighbouring ones. */
  readonly interleaved: boolean;
}

/** The tensors to ask the runtime for, and what is said of the layers that have none. */
export interface Taps {
  /** In the order of the graph. */
  readonly taps: readonly Tap[];
  /** Why attentions were left out, one sentence per reason. */
  readonly warnings: readonly string[];
}

/** Bytes of attention maps taken out of one run: 12 layers of 12 heads over 1024 tokens are 600 MB. */
export const MAX_TAPPED_BYTES = 2 ** 29;
const FLOAT_BYTES = 4;

/**
 * The tensors to tap: the softmax outputs of every attention between tokens.
 * Later layers come first when not all fit into `limit` bytes.
 */
export function attentionTaps(cores: readonly AttentionCore[], blocks: readonly Block[], graph: Graph, limit = MAX_TAPPED_BYTES): Taps {
  const labels = attentionLabels(blocks);
  const spread = gridBlocks(blocks);
  const outputs = new Set(graph.nodes.flatMap((node) => node.outputs));
  const reasons = new Map<string, number>();
  const taps: Tap[] = [];
  let bytes = 0;
  for (const core of cores.toReversed()) {
    const value = core.probabilities || core.weights;
    const size = core.heads * core.queries * core.keys * Math.max(1, core.batchWindows) * FLOAT_BYTES;
    const reason = reasonAgainst(core, outputs.has(value), bytes + size > limit);
    if (reason !== '') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    else {
      bytes += size;
      taps.push({ core, label: labels.get(core.block) ?? core.block, value, interleaved: spread.has(core.block) });
    }
  }
  const warnings = [...reasons].map(
    ([reason, count]) => `${count} attention ${count === 1 ? 'layer shows' : 'layers show'} no map: ${reason}.`,
  );
  return { taps: taps.toReversed(), warnings };
}

function reasonAgainst(core: AttentionCore, reachable: boolean, tooMany: boolean): string {
  if (core.fused)
    return 'one fused operator computes it and keeps the probabilities to itself (export the model without fused attention to see them)';
  if (core.linear) return 'linear attention never forms a matrix of queries and keys';
  if (core.over === 'channels') return 'it attends between channels, not between places of the image';
  if (!reachable) return 'it lies inside a subgraph or function, whose values cannot be read';
  if (tooMany) return 'the maps of all layers together are too large, so only the last layers are shown';
  return '';
}

/** Ids of the blocks whose attention runs over a grid of distant tokens. */
function gridBlocks(blocks: readonly Block[]): ReadonlySet<string> {
  const inner = blocks.flatMap((block) => [...gridBlocks(block.children)]);
  return new Set([...inner, ...blocks.filter(({ attributes }) => attributes['partition'] === 'grid').map(({ id }) => id)]);
}
