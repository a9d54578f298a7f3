import { extent, type GraphBuilder, type Handle } from '../graph';
import { channelLayerNorm, feedForward, imageToTokens, layerNorm, linear, relativeBias, selfAttention, tokensToImage } from '../layers';
import { halve } from './mbconv';

/** Blocks of attention with relative positions and a feed-forward network; the first pools by 2. */
export interface TransformerStageOptions {
  readonly out: number;
  readonly depth: number;
  /** 2: the first block pools its input. */
  readonly stride: number;
  readonly headSize: number;
  /** Hidden width of the feed-forward layers over `out`. */
  readonly expansion: number;
  /** Adds the relative position bias to the scores. */
  readonly relative: boolean;
  readonly shortcutPool: 'max' | 'average';
}

/** Blocks of relative attention and feed-forward over the pixels of `[N, C, H, W]` (arXiv 2106.04803, section 2.1). */
export function transformerStage(b: GraphBuilder, x: Handle, options: TransformerStageOptions): Handle {
  const { depth, stride } = options;
  const [height, width] = [Math.ceil(extent(x, 2) / stride), Math.ceil(extent(x, 3) / stride)];
  let tokens = b.scope('0', () => firstBlock(b, x, options, height, width));
  for (let block = 1; block < depth; block++) {
    tokens = b.scope(String(block), () => {
      const mixed = attention(b, layerNorm(b, 'norm1', tokens), options, height, width);
      return withFeedForward(b, b.node('Add', [tokens, mixed]), options);
    });
  }
  return tokensToImage(b, tokens, height, width);
}

/** x = Proj(Pool(x)) + Attn(Pool(LN(x))): pooling where the stage strides, a projection where the width changes. */
function firstBlock(b: GraphBuilder, x: Handle, options: TransformerStageOptions, height: number, width: number): Handle {
  const { out, stride, shortcutPool } = options;
  const pooled = stride === 1 ? x : halve(b, x, shortcutPool);
  const normal = channelLayerNorm(b, 'norm1', x);
  const input = imageToTokens(b, stride === 1 ? normal : halve(b, normal, shortcutPool));
  const kept = imageToTokens(b, pooled);
  const shortcut = extent(x, 1) === out ? kept : b.scope('shortcut', () => linear(b, 'expand', kept, out));
  const mixed = attention(b, input, options, height, width);
  return withFeedForward(b, b.node('Add', [shortcut, mixed]), options);
}

function attention(b: GraphBuilder, x: Handle, options: TransformerStageOptions, height: number, width: number): Handle {
  const { out, headSize } = options;
  const heads = out / headSize;
  const bias = options.relative ? b.scope('attn', () => relativeBias(b, 'rel_pos', { heads, height, width })) : null;
  return selfAttention(b, 'attn', x, { heads, headSize, out, bias });
}

function withFeedForward(b: GraphBuilder, x: Handle, { out, expansion }: TransformerStageOptions): Handle {
  return b.node('Add', [x, feedForward(b, 'mlp', layerNorm(b, 'norm2', x), { hidden: out * expansion })]);
}
