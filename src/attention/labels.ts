import type { Block } from '../analysis/profile';

/**
 * Short names of attention blocks, unique in a model: `S3.0` is the first in
 * the stage that is numbered 3, `L1` the first where there are no stages.
 */
export function attentionLabels(blocks: readonly Block[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const counts = new Map<string, number>();
  const visit = (block: Block, stage: string) => {
    if (block.kind === 'attention') {
      const index = counts.get(stage) ?? 0;
      counts.set(stage, index + 1);
      labels.set(block.id, stage === '' ? `L${index + 1}` : `S${stage}.${index}`);
    }
    const inner = block.kind === 'stage' ? (/(\d+)$/.exec(block.label)?.[1] ?? stage) : stage;
    for (const child of block.children) visit(child, inner);
  };
  // A model of one stage numbers its layers: "S1.0" would say nothing more.
  const stages = blocks.filter((block) => block.kind === 'stage');
  const flat = stages.length === 1 && !blocks.some((block) => block.kind !== 'stage' && hasAttention(block));
  for (const block of blocks) {
    if (flat) for (const child of block.kind === 'stage' ? block.children : [block]) visit(child, '');
    else visit(block, '');
  }
  return labels;
}

function hasAttention(block: Block): boolean {
  return block.kind === 'attention' || block.children.some(hasAttention);
}
