import { extent, type GraphBuilder, type Handle } from '../graph';
import { causalMask, feedForward, layerNorm, multiHeadAttention, sinusoids } from '../layers';

/** How tokens learn where they stand. */
export type Positions = 'sinusoidal' | 'learned' | 'none';

/** What encoder-decoder networks over tokens share. */
export interface TranslationOptions {
  readonly dim: number;
  readonly hidden: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly sourceLength: number;
  readonly targetLength: number;
  readonly positions: Positions;
}

/** One layer of an encoder or decoder; `memory` is the encoder's result. */
export interface TranslationLayers {
  readonly encoder: readonly ((b: GraphBuilder, x: Handle) => Handle)[];
  readonly decoder: readonly ((b: GraphBuilder, x: Handle, memory: Handle) => Handle)[];
}

/** Logits `[N, target, vocabulary]` from tokens; one table embeds both languages and classifies (arXiv 1706.03762, section 3.4). */
export function translate(b: GraphBuilder, source: Handle, target: Handle, options: TranslationOptions, layers: TranslationLayers): Handle {
  const { dim, vocabulary } = options;
  const table = b.weight('embed_tokens.weight', [vocabulary, dim], { kind: 'uniform', bound: Math.sqrt(3 / dim) });
  const memory = b.scope('encoder', () =>
    layers.encoder.reduce((x, layer, index) => inLayer(b, index, () => layer(b, x)), embed(b, source, table, options)),
  );
  const result = b.scope('decoder', () =>
    layers.decoder.reduce((x, layer, index) => inLayer(b, index, () => layer(b, x, memory)), embed(b, target, table, options)),
  );
  return b.node('MatMul', [result, b.node('Transpose', [table], { perm: [1, 0] })]);
}

function inLayer(b: GraphBuilder, index: number, body: () => Handle): Handle {
  return b.scope('layers', () => b.scope(String(index), body));
}

/** Residual and normalisation after it, as first published. */
export function addAndNormalise(b: GraphBuilder, name: string, x: Handle, branch: Handle): Handle {
  return layerNorm(b, name, b.node('Add', [x, branch]));
}

/** Layers of the Transformer: attention, in the decoder masked and then over the memory, and a feed-forward network. */
export function transformerLayers(
  b: GraphBuilder,
  options: TranslationOptions,
  counts: { readonly encoder: number; readonly decoder: number },
  sourceMask: Handle | null,
): TranslationLayers {
  const { heads, hidden } = options;
  const mask = causalMask(b, options.targetLength);
  const feed = (x: Handle, name: string) => addAndNormalise(b, name, x, feedForward(b, 'ffn', x, { hidden, activation: 'relu' }));
  return {
    encoder: new Array(counts.encoder).fill((_: GraphBuilder, x: Handle) => {
      const mixed = addAndNormalise(b, 'norm1', x, multiHeadAttention(b, 'self_attn', x, x, { heads, mask: sourceMask }));
      return feed(mixed, 'norm2');
    }),
    decoder: new Array(counts.decoder).fill((_: GraphBuilder, x: Handle, memory: Handle) => {
      const own = addAndNormalise(b, 'norm1', x, multiHeadAttention(b, 'self_attn', x, x, { heads, mask }));
      return feed(crossAttend(b, own, memory, heads, sourceMask), 'norm3');
    }),
  };
}

/** A decoder's look at the encoder's result, with its residual. */
export function crossAttend(b: GraphBuilder, x: Handle, memory: Handle, heads: number, mask: Handle | null = null): Handle {
  return addAndNormalise(b, 'norm2', x, multiHeadAttention(b, 'encoder_attn', x, memory, { heads, mask }));
}

/** Embeddings times sqrt(width), plus positions. */
function embed(b: GraphBuilder, tokens: Handle, table: Handle, { dim, positions }: TranslationOptions): Handle {
  const scaled = b.node('Mul', [b.node('Gather', [table, tokens], { axis: 0 }), b.scalar(Math.sqrt(dim))]);
  const steps = extent(tokens, 1);
  if (positions === 'none') return scaled;
  if (positions === 'sinusoidal') return b.node('Add', [scaled, sinusoids(b, steps, dim)]);
  return b.node('Add', [scaled, b.weight('embed_positions.weight', [steps, dim], { kind: 'uniform', bound: Math.sqrt(3 / dim) })]);
}
