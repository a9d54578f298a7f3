import { type Draft, draft } from './draft';
import type { Flow } from './flow';
import { traitsOf } from './kinds';
import type { ResidualBlock } from './residualBlocks';
import { does, MOVEMENT } from './words';

const MAX_PARTS = 6;

/** Movement between a residual's source and the block that made it; `null` where something else lies there. */
function link(flow: Flow, source: string, made: ReadonlySet<number>): readonly number[] | null {
  const steps: number[] = [];
  let at = source;
  for (let step = 0; step < 10; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node) return null;
    if (made.has(index)) return steps;
    if (!does(flow, index, MOVEMENT)) return null;
    steps.push(index);
    at = node.inputs[0] ?? '';
  }
  return null;
}

interface Chain {
  readonly parts: ResidualBlock[];
  readonly nodes: Set<number>;
}

function close(chain: Chain, drafts: Draft[]): void {
  const kinds = chain.parts.map((part) => part.kind);
  const mixing = chain.parts.find((part) => part.kind === 'token-mixing');
  if (mixing && kinds.includes('feed-forward') && !kinds.includes('attention')) {
    drafts.push(draft('mixer', mixerLabel(mixing), chain.nodes));
    return;
  }
  const complete = kinds.includes('attention') && kinds.includes('feed-forward');
  const crossCovariance = kinds.includes('local-patch-interaction');
  const conformer = kinds.includes('conformer-convolution');
  const light = kinds.some((kind) => kind.endsWith('light-convolution') || kind === 'dynamic-convolution');
  if (complete || (light && kinds.includes('feed-forward'))) {
    drafts.push(
      draft('transformer', conformer ? 'Conformer block' : crossCovariance ? 'XCiT block' : 'Transformer block', chain.nodes, {
        attentions: kinds.filter((kind) => kind === 'attention').length,
      }),
    );
  }
}

/** What mixes tokens names the block: two layers along them, one, or none but a pooling. */
function mixerLabel({ draft }: ResidualBlock): string {
  const layers = draft?.attributes['layers'];
  return layers === 0 ? 'PoolFormer block' : layers === 1 ? 'ResMLP block' : 'Mixer block';
}

function mixesTokens(kind: string): boolean {
  return kind === 'attention' || kind === 'token-mixing' || kind === 'light-convolution' || kind === 'dynamic-convolution';
}

/**
 * Transformer blocks: attention residuals with the feed-forward residual that
 * follows, cross attention and Conformer's modules between them included.
 */
export function transformerBlocks(flow: Flow, blocks: readonly ResidualBlock[]): readonly Draft[] {
  const drafts: Draft[] = [];
  let chain: Chain = { parts: [], nodes: new Set() };
  const restart = (): void => {
    chain = { parts: [], nodes: new Set() };
  };
  for (const block of blocks) {
    if (!traitsOf(block.kind).transformerPart) continue;
    const parallel = chain.parts.some((part) => part.residual.source === block.residual.source);
    const steps = chain.parts.length === 0 || parallel ? [] : link(flow, block.residual.source, chain.nodes);
    if (steps === null || chain.parts.length >= MAX_PARTS) restart();
    chain.parts.push(block);
    for (const index of [...(steps ?? []), ...block.nodes]) chain.nodes.add(index);
    const hasMixing = chain.parts.some((part) => mixesTokens(part.kind));
    if (block.kind !== 'feed-forward' || !hasMixing) continue;
    close(chain, drafts);
    restart();
  }
  return drafts;
}
