import type { AttentionPart } from './kinds';
import { isMatrix, type MatrixLayer } from './layer';
import { type Module, preorder } from './tree';
import { isSilent, POSITION } from './words';

/** Words that stand beside q, k and v in a projection's name and change nothing: `q_proj`, `to_q`, `attn_q`, `query_dense`. */
const NEUTRAL: ReadonlySet<string> = new Set(
  'proj projection to w lin linear dense conv layer fc attn attention self cross a b add added global with mqa weight proj conv2d in downsampled h img txt'.split(
    ' ',
  ),
);
const QUERY: ReadonlySet<string> = new Set(['q', 'query', 'queries', 'wq', 'qproj']);
const KEY: ReadonlySet<string> = new Set(['k', 'key', 'keys', 'wk', 'kproj']);
const VALUE: ReadonlySet<string> = new Set(['v', 'value', 'values', 'wv', 'vproj']);
const FUSED: Readonly<Record<string, AttentionPart>> = { qkv: 'qkv', wqkv: 'qkv', kv: 'kv', wkv: 'kv', qk: 'qk', wqk: 'qk', kvq: 'qkv' };
/** What holds an attention and nothing else. */
const ATTENTION_WORDS: ReadonlySet<string> = new Set(
  'attention attn att mha mhsa msa self selfattention crossattention xattn attns attnpool attentions mixer'.split(' '),
);
/** What multiplies by attention's result. */
const OUTPUTS: ReadonlySet<string> = new Set('out output o wo proj projection dense to'.split(' '));
/** Layers of an attention that weigh values without queries and keys: learned weights (deformable and outlook attention). */
const WEIGHTS: ReadonlySet<string> = new Set(['attn', 'attention', 'weights']);

/** Finds attention by its projections, and gives every layer of it its part. */
export function findAttention(root: Module): void {
  const groups = new Map<Module, Slot[]>();
  for (const module of preorder(root)) {
    if (module.layer?.op === 'multiheadAttention') mark(module, multiheadParts(module));
    const slot = slotOf(module);
    if (!slot) continue;
    const around = slot.module.parent;
    if (!around) continue;
    const group = groups.get(around);
    if (group) group.push(slot);
    else groups.set(around, [slot]);
  }
  for (const [around, slots] of groups) if (isAttention(slots)) markSlots(around, slots);
}

/** A projection: the module whose name tells its part, and the layer in it. */
interface Slot {
  readonly module: Module;
  readonly part: AttentionPart;
}

function slotOf(leaf: Module): Slot | null {
  if (!isMatrix(leaf.layer)) return null;
  const module = namedModule(leaf);
  const part = partOf(module.words);
  return part === null ? null : { module, part };
}

/** The module whose name says what a layer is for: the layer's own, or the one around it where the layer's says nothing. */
export function namedModule(leaf: Module): Module {
  let module = leaf;
  while ((isSilent(module.name) || NORMS.has(module.name)) && module.parent && module.parent.name !== '') module = module.parent;
  return module;
}

/** A matrix beside its normalisation may have no name but this. */
const NORMS: ReadonlySet<string> = new Set(['ln', 'bn']);

/** `q_proj`: q; `query_key_value` and `c_attn`: qkv; `null` for a name that is none of attention's. */
export function partOf(words: readonly string[]): AttentionPart | null {
  if (words.join('_') === 'c_attn') return 'qkv';
  let [q, k, v] = [false, false, false];
  for (const word of words) {
    const fused = Object.hasOwn(FUSED, word) ? FUSED[word] : undefined;
    if (fused) {
      q ||= fused.includes('q');
      k ||= fused.includes('k');
      v ||= fused.includes('v');
    } else if (QUERY.has(word)) q = true;
    else if (KEY.has(word)) k = true;
    else if (VALUE.has(word)) v = true;
    else if (!NEUTRAL.has(word)) return null;
  }
  const part = `${q ? 'q' : ''}${k ? 'k' : ''}${v ? 'v' : ''}`;
  return part === 'q' || part === 'k' || part === 'v' || part === 'qk' || part === 'kv' || part === 'qkv' ? part : null;
}

/** Queries and keys, or values that learned weights weigh. */
function isAttention(slots: readonly Slot[]): boolean {
  const has = (letter: string) => slots.some(({ part }) => part.includes(letter));
  if (has('q') && has('k')) return true;
  const around = slots[0]?.module.parent;
  const weighed = around?.children.some((child) => child.words.length > 0 && child.words.every((word) => WEIGHTS.has(word)));
  return has('v') && weighed === true;
}

function markSlots(around: Module, slots: readonly Slot[]): void {
  const parts = new Map(slots.map(({ module, part }) => [module, part]));
  const region = isDedicated(around) ? outermost(around) : null;
  if (region) {
    mark(region, parts);
    return;
  }
  // A block with other layers beside its projections, as in GGUF: only what is named for attention belongs to it.
  for (const child of around.children) {
    const part = parts.get(child) ?? (child.words.some((word) => ATTENTION_WORDS.has(word)) || isOutput(child, slots) ? 'out' : null);
    if (part !== null) markLayers(child, part);
  }
}

/** The layer after the values: named for an output, with as many inputs as a projection has outputs. */
function isOutput(child: Module, slots: readonly Slot[]): boolean {
  if (!child.words.every((word) => OUTPUTS.has(word) || word === 'c' || word === 'lin' || word === 'linear') || child.words.length === 0)
    return false;
  const widths = new Set(slots.flatMap(({ module }) => layersIn(module).map(({ layer }) => layer.outputs)));
  return layersIn(child).some(({ layer }) => widths.has(layer.inputs) || widths.has(3 * layer.inputs));
}

/** Whether a module holds attention alone: by its name, or because all that multiplies in it is a projection. */
function isDedicated(around: Module): boolean {
  if (namedModule(around).words.some((word) => ATTENTION_WORDS.has(word))) return true;
  if (around.parent === null) return false;
  const layers = around.children.filter((child) => layersIn(child).length > 0);
  return layers.every(
    (child) => partOf(child.words) !== null || child.words.every((word) => OUTPUTS.has(word) || NEUTRAL.has(word) || isSilent(word)),
  );
}

/** Attention around its own core (`attention.self.query` beside `attention.output.dense`). */
function outermost(core: Module): Module {
  let region = core;
  for (let parent = core.parent; parent?.parent; parent = parent.parent) {
    if (!parent.words.some((word) => ATTENTION_WORDS.has(word)) || parent.children.length > MOST_IN_ATTENTION) break;
    region = parent;
  }
  return region;
}

/** Modules directly in an attention; more of them are a list of attentions. */
const MOST_IN_ATTENTION = 12;

function mark(region: Module, parts: ReadonlyMap<Module, AttentionPart>): void {
  region.region = 'attention';
  for (const module of within(region)) {
    const named = namedModule(module);
    const part = parts.get(module) ?? parts.get(named);
    // Tables and networks of positions are no part of what is projected.
    if (part === undefined && named.words.some((word) => POSITION.test(word))) continue;
    if (isMatrix(module.layer)) markLayers(module, part ?? (isResult(named) ? 'out' : 'other'));
    else if (module.layer?.op === 'multiheadAttention') markLayers(module, 'qkv');
  }
}

/** A region without what is a network of its own in it (the feed-forward network of attention pooling). */
function* within(region: Module): Generator<Module> {
  const pending = [region];
  for (let module = pending.pop(); module; module = pending.pop()) {
    yield module;
    for (const child of module.children) if (!child.words.includes('mlp') && !child.words.includes('ffn')) pending.push(child);
  }
}

function isResult({ words }: Module): boolean {
  return words.some((word) => OUTPUTS.has(word)) && !words.includes('in');
}

function markLayers(module: Module, part: AttentionPart): void {
  for (const one of preorder(module)) {
    // A low-rank pair beside a projection is one of its own.
    if (one.kind === 'lora' || one.kind === 'adapter') continue;
    if (!isMatrix(one.layer) && one.layer?.op !== 'multiheadAttention') continue;
    // A depthwise convolution among the projections stays what it is.
    one.kind =
      one.layer.op === 'convolution' && one.layer.depthwise && one.layer.kernel.some((extent) => extent > 1) ? 'depthwise' : 'attention';
    one.part = part;
  }
}

function multiheadParts(module: Module): ReadonlyMap<Module, AttentionPart> {
  return new Map([[module, 'qkv'] as const]);
}

interface Placed {
  readonly module: Module;
  readonly layer: MatrixLayer;
}

function layersIn(module: Module): readonly Placed[] {
  const found: Placed[] = [];
  for (const one of preorder(module)) if (isMatrix(one.layer)) found.push({ module: one, layer: one.layer });
  return found;
}
