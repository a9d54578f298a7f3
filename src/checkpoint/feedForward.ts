import { isMatrix, type MatrixLayer } from './layer';
import { type Module, preorder } from './tree';
import { POSITION } from './words';

const NETWORK = /^(?:mlps?|ffn|ff|feedforward|ffw|experts?|moe|mlpblock|densereludense)$/;
/** Layers of attention's partner in one block whose names say so (`ffn_up`, `w1`, `gate_proj`, `dense_h_to_4h`). */
const LAYER = /^(?:ffn|mlp|fc|ff|w1|w2|w3|wi|wo|up|down|lin|linear|intermediate|output|dense|c|h|to|4h|gate|proj|in|out|mlps)$/;

/** Finds feed-forward networks: layers of which one takes what another gives, named for one, or the pair beside an attention. */
export function findFeedForward(root: Module): void {
  for (const module of preorder(root)) if (isNetwork(module) && hasChain(free(module))) markNetwork(module);
  for (const module of preorder(root)) {
    if (holdsAttention(module)) markPair(module);
    else if (module.children.some(isDepthwise)) markPointwise(module);
  }
}

/** `mlp`, `feed_forward`, `DenseReluDense`. */
function isNetwork({ words, parent }: Module): boolean {
  if (parent === null) return false;
  if (words.some((word) => POSITION.test(word))) return false;
  return (
    words.some((word) => NETWORK.test(word)) ||
    (words.includes('feed') && words.includes('forward')) ||
    (words.includes('dense') && words.includes('relu'))
  );
}

interface Placed {
  readonly module: Module;
  readonly layer: MatrixLayer;
}

/** Layers of a module that are nothing else yet. */
function free(root: Module): readonly Placed[] {
  const found: Placed[] = [];
  for (const module of preorder(root)) if (isMatrix(module.layer) && module.kind === 'other') found.push({ module, layer: module.layer });
  return found;
}

/** One layer's outputs are another's inputs, all at once or halved by a gate. */
function hasChain(layers: readonly Placed[]): boolean {
  const inputs = new Set(layers.filter(({ layer }) => !isWindow(layer)).map(({ layer }) => layer.inputs));
  const given = layers.filter(({ layer }) => !isWindow(layer) && (inputs.has(layer.outputs) || inputs.has(layer.outputs / 2)));
  // A single layer with equal ends follows itself in this count; it is no chain.
  return layers.length >= 2 && given.length > 0;
}

/** A convolution with a window larger than a point mixes places, which no feed-forward network does. */
function isWindow(layer: MatrixLayer): boolean {
  return layer.op === 'convolution' && layer.kernel.some((extent) => extent > 1);
}

/** ConvNeXt's pointwise layers follow a depthwise convolution directly in their block: they are convolutions, however written. */
function isConvolutional(network: Module): boolean {
  const { parent } = network;
  if (!parent || parent.children.some((sibling) => sibling !== network && holdsAttentionOrIs(sibling))) return false;
  return parent.children.some(isDepthwise);
}

function isDepthwise({ layer }: Module): boolean {
  return layer?.op === 'convolution' && layer.depthwise && isWindow(layer);
}

/** The same layers without a module of their own around them (`dwconv`, `norm`, `pwconv1`, `pwconv2`). */
function markPointwise(block: Module): void {
  const layers = block.children.flatMap((module) =>
    module.layer?.op === 'linear' && module.kind === 'other' ? [{ module, layer: module.layer }] : [],
  );
  for (const { module, layer } of layers) {
    const back = layers.find(
      (other) => other.module !== module && other.layer.inputs === layer.outputs && other.layer.outputs === layer.inputs,
    );
    if (back) module.kind = 'convolution';
  }
}

function markNetwork(network: Module): void {
  const convolutional = isConvolutional(network);
  if (!convolutional) network.region = 'feedForward';
  for (const { module, layer } of free(network)) {
    if (isWindow(layer)) continue;
    module.kind = convolutional ? 'convolution' : 'feedForward';
  }
}

function holdsAttentionOrIs(module: Module): boolean {
  return module.region === 'attention' || holdsAttention(module);
}

/** A block of a transformer: attention is in it directly, or one module deeper (T5's `layer.0.SelfAttention`). */
function holdsAttention(block: Module): boolean {
  return block.children.some(
    (child) => child.region === 'attention' || child.kind === 'attention' || child.children.some((inner) => inner.region === 'attention'),
  );
}

/** The layers of a block beside its attention: [h, d] and [d, h] with h at least d. */
function markPair(block: Module): void {
  const layers = block.children
    .filter(({ region }) => region === null)
    .flatMap((child) => (child.children.length > MOST_IN_BLOCK ? [] : free(child)));
  if (layers.length < 2 || layers.length > MOST_IN_BLOCK) return;
  for (const { module, layer } of layers) {
    if (isWindow(layer) || layer.outputs < layer.inputs || (layer.op === 'convolution' && !isNamed(module))) continue;
    const back = layers.filter(
      (other) =>
        other.module !== module && other.layer.inputs === layer.outputs && other.layer.outputs === layer.inputs && !isWindow(other.layer),
    );
    const gated = layers.filter(
      (other) => other.module !== module && 2 * other.layer.inputs === layer.outputs && other.layer.outputs === layer.inputs,
    );
    if (back.length + gated.length === 0) continue;
    if (layer.outputs === layer.inputs && ![module, ...back.map((one) => one.module)].every(isNamed)) continue;
    for (const one of [module, ...back.map((other) => other.module), ...gated.map((other) => other.module)]) one.kind = 'feedForward';
  }
}

/** Layers of one block; more of them are no block but a network. */
const MOST_IN_BLOCK = 12;

function isNamed({ words, parent }: Module): boolean {
  const all = words.length > 0 ? words : (parent?.words ?? []);
  return all.some((word) => LAYER.test(word));
}
