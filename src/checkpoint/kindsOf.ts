import { findAttention, namedModule } from './attention';
import { findFeedForward } from './feedForward';
import type { ModuleKind } from './kinds';
import { isMatrix, type MatrixLayer } from './layer';
import { type CheckpointTensor, type Module, preorder, type Section } from './tree';
import { POSITION } from './words';

const EMBEDDING = /^(?:embed|embeds|embedding|embeddings|emb|wte|embedder|tok|token|tokens|cls|latents?|register|registers|query|mask)$/;
const HEAD =
  /^(?:heads?|classifiers?|fc|logits|score|scores|predictions|prediction|predictor|cls|bbox|classes|class|lm|output|clf|labels?|last|probs|probabilities|qa|decoder|ctc)$/;
const GATE = /^(?:se|squeeze|excite|excitation|gate|sem|cse|ca|eca|seblock|semodule|selayer|attn|attention|scse|sca|gc)$/;
const LORA = /^lora_(?:a|b|up|down|mid|embedding_a|embedding_b|magnitude_vector)$|^(?:hada|lokr|oft)_/i;
const ADAPTER = /^adapters?$/;
/** A gain without a matrix that is no normalisation: activations with a slope, scales of a residual. */
const GAIN = /^(?:act|prelu|activation|relu|ls|scale|layerscale|lambda|gamma|slope)$/;
const NORM = /norm|^bn|^ln|^rms|affine|^gn$/;

/** Gives every module and tensor of a section its kind, by names and shapes together. What they do not tell stays `other`. */
export function findKinds(section: Section, isMain: boolean): void {
  const { root, kind } = section;
  if (kind === 'optimizer' || kind === 'training') {
    fill(root, kind === 'optimizer' ? 'optimizer' : 'other');
    return;
  }
  findLora(root);
  findAttention(root);
  findGates(root);
  findFeedForward(root);
  findHeads(root);
  findTied(root);
  for (const module of preorder(root)) {
    if (module.kind === 'other') module.kind = ownKind(module);
    for (const tensor of module.tensors) {
      tensor.kind = tensorKind(tensor, module);
      tensor.part = tensor.kind === 'attention' ? (module.part ?? null) : null;
    }
  }
  for (const module of [...preorder(root)].reverse()) containerKind(module);
  if (!isMain && kind === 'ema') fill(root, 'ema');
}

function fill(root: Module, kind: ModuleKind): void {
  for (const module of preorder(root)) {
    module.kind = kind;
    for (const tensor of module.tensors) tensor.kind = kind;
  }
}

/** Low-rank pairs beside a layer (arXiv 2106.09685) and bottleneck adapters (arXiv 1902.00751). */
function findLora(root: Module): void {
  for (const module of preorder(root)) {
    const kind = LORA.test(module.name)
      ? 'lora'
      : module.words.some((word) => ADAPTER.test(word)) && holdsBottleneck(module)
        ? 'adapter'
        : null;
    if (kind === null) continue;
    for (const one of preorder(module)) one.kind = kind;
  }
}

/** A layer to fewer features and one back. */
function holdsBottleneck(module: Module): boolean {
  const layers = [...preorder(module)].flatMap(({ layer }) => (isMatrix(layer) ? [layer] : []));
  return layers.some((down) => down.outputs < down.inputs && layers.some((up) => up.inputs === down.outputs && up.outputs === down.inputs));
}

/** Squeeze and excitation: two pointwise layers to fewer channels and back, in a module of that name (arXiv 1709.01507). */
function findGates(root: Module): void {
  for (const module of preorder(root)) {
    if (module.parent === null) continue;
    const named = module.words.some((word) => GATE.test(word));
    const reduces = module.children.filter(({ words }) => words.includes('se') && (words.includes('reduce') || words.includes('expand')));
    if (reduces.length === 2) for (const one of reduces) markGate(one);
    if (!named || module.kind !== 'other') continue;
    const layers = [...preorder(module)].filter(({ layer, kind }) => isMatrix(layer) && kind === 'other');
    const [down, up, more] = layers.map(({ layer }) => layer as MatrixLayer);
    const single = down && !up && down.op === 'convolution' && down.inputs === 1 && down.outputs === 1 && down.kernel.length === 1;
    const pair = down && up && !more && up.inputs === down.outputs && up.outputs === down.inputs && down.outputs < down.inputs;
    if (single || pair) {
      markGate(module);
      module.region = 'gate';
    }
  }
}

function markGate(module: Module): void {
  for (const one of preorder(module)) if (isMatrix(one.layer)) one.kind = 'gate';
}

/** Classifiers: layers named for a head, near the top and of nothing else. */
function findHeads(root: Module): void {
  for (const module of preorder(root)) {
    const { layer, kind } = module;
    if (!isMatrix(layer) || kind !== 'other') continue;
    const named = namedModule(module);
    if (layer.op === 'convolution') {
      // A convolution that classifies is the last of a head at the top, and sees one point.
      if (layer.bias && isPoint(layer) && isTop(named) && isHead(named) && lastMatrix(named) === module) module.kind = 'classifier';
      continue;
    }
    // A square one by itself projects features.
    if (isHead(named) ? layer.inputs !== layer.outputs || named !== module : isHeadAround(named)) module.kind = 'classifier';
  }
}

/** A matrix that is an embedding's own: the last layer of a language model, or the table under its common name. */
function findTied(root: Module): void {
  const names = new Map<string, boolean>();
  for (const { layer, words, kind, tensors } of preorder(root)) {
    if (layer?.op !== 'linear' || kind !== 'other') continue;
    const embeds = words.some((word) => EMBEDDING.test(word));
    for (const { tied, tensor } of tensors) {
      const first = tied === '' ? tensor.name : tied;
      names.set(first, (names.get(first) ?? false) || embeds);
    }
  }
  for (const module of preorder(root)) {
    if (module.layer?.op !== 'linear' || module.kind !== 'other' || module.words.some((word) => EMBEDDING.test(word))) continue;
    if (!module.tensors.some(({ tied, tensor }) => names.get(tied === '' ? tensor.name : tied))) continue;
    module.kind = module.words.some((word) => /^(?:out|proj|decoder|linear|head)$/.test(word)) ? 'classifier' : 'embedding';
  }
}

function isPoint(layer: MatrixLayer): boolean {
  return layer.op === 'linear' || layer.kernel.every((extent) => extent === 1);
}

function isTop(module: Module): boolean {
  return module.parent !== null && module.parent.parent === null;
}

function lastMatrix(root: Module): Module | null {
  let last: Module | null = null;
  for (const module of preorder(root)) if (isMatrix(module.layer)) last = module;
  return last;
}

function isHead({ words, parent }: Module): boolean {
  if (words.length === 0 || !words.every((word) => HEAD.test(word) || word === 'embed' || word === 'head' || word === 'dist')) return false;
  // `fc`, `output` and their kin name layers everywhere; at the top they are what comes last.
  return (
    parent?.parent === null ||
    words.some((word) => /^(?:heads?|classifiers?|logits|scores?|predictions?|predictor|class|bbox|lm)$/.test(word))
  );
}

function isHeadAround(module: Module): boolean {
  // Deeper within a head stand networks of their own: decoders, projections of each scale.
  for (let [around, steps] = [module.parent, 0]; around?.parent && steps < 2; [around, steps] = [around.parent, steps + 1]) {
    if (around.words.some((word) => /^(?:heads?|classifiers?|predictor)$/.test(word))) return true;
  }
  return false;
}

function ownKind(module: Module): ModuleKind {
  const { layer } = module;
  const named = namedModule(module);
  const names = module.tensors.map(({ own }) => own);
  switch (layer?.op) {
    case 'batchNorm':
      return 'normalization';
    case 'norm':
      return isNormalization(module, named) ? 'normalization' : 'other';
    case 'multiheadAttention':
      return 'attention';
    case 'convolution':
      return layer.depthwise ? 'depthwise' : 'convolution';
    case 'linear':
      if (layer.bias) return around(named, POSITION, 2) ? 'position' : 'other';
      if (named.words.some((word) => POSITION.test(word))) return 'position';
      return named.words.some((word) => EMBEDDING.test(word)) ? 'embedding' : 'other';
    case 'recurrent':
      return 'other';
    default:
      if (names.some((own) => /^embeddings?(?::0)?$/.test(own)))
        return named.words.some((word) => POSITION.test(word)) ? 'position' : 'embedding';
      return 'other';
  }
}

function around(module: Module, words: RegExp, depth: number): boolean {
  let one: Module | null = module;
  for (let steps = 0; one && steps < depth; steps += 1, one = one.parent) if (one.words.some((word) => words.test(word))) return true;
  return false;
}

function isNormalization(module: Module, named: Module): boolean {
  if (module.layer?.op !== 'norm') return false;
  const words = module.words.length > 0 ? module.words : named.words;
  if (words.some((word) => NORM.test(word))) return true;
  if (words.some((word) => GAIN.test(word))) return false;
  return module.layer.bias;
}

/** A tensor is of its module's kind but for tables of positions and tokens, which stand among weights of other kinds. */
function tensorKind({ own, tensor }: CheckpointTensor, module: Module): ModuleKind {
  const words = own.toLowerCase().split(/[^a-z]+/);
  if (module.kind === 'lora' || /^lora_/i.test(own)) return 'lora';
  if (/^(?:weight|kernel|bias|in_proj_weight|in_proj_bias)$/.test(own) && module.layer !== null) return module.kind;
  if (words.some((word) => POSITION.test(word))) return 'position';
  if (own === 'bias' && tensor.shape.length > 1) return 'position';
  if (/^attention_bias/.test(own)) return 'position';
  if (module.layer === null && /^(?:embedding|embeddings)(?::0)?$/.test(own)) return module.kind;
  if (module.kind === 'other' || module.region !== null) {
    if (
      /^(?:(?:cls|class|mask|dist|reg|register|storage|query|prompt|det|detection|distillation)_?)+(?:tokens?|embed(?:ding)?s?)$/.test(own)
    )
      return 'embedding';
    if (
      inAttention(module) &&
      (/(?:^|_)[qkv](?:_proj)?_?(?:bias|weight)$/.test(own) || /^(?:temperature|logit_scale|out_proj_(?:weight|bias))$/.test(own))
    )
      return 'attention';
    if (module.layer === null && /experts|gate_up_proj|down_proj|up_proj/.test(own) && tensor.shape.length === 3) return 'feedForward';
  }
  return module.kind;
}

function inAttention(module: Module): boolean {
  for (let one: Module | null = module; one; one = one.parent) if (one.region === 'attention') return true;
  return false;
}

/** A module of modules is what they all are; norms, positions and scales among them change nothing. */
function containerKind(module: Module): void {
  if (module.region !== null) {
    module.kind = module.region;
    return;
  }
  if (module.children.length === 0 || module.kind !== 'other') return;
  const kinds = new Set<ModuleKind>();
  for (const { kind } of module.children) kinds.add(kind);
  for (const { kind } of module.tensors) kinds.add(kind);
  const telling = [...kinds].filter((kind) => !QUIET.has(kind));
  const [only] = telling.length > 0 ? telling : [...kinds];
  if (telling.length > 1 || only === undefined) module.kind = 'container';
  else module.kind = telling.length === 0 && kinds.size > 1 ? 'container' : only;
}

const QUIET: ReadonlySet<ModuleKind> = new Set(['normalization', 'position', 'other']);
