/**
 * What training saves beside each other: the weights themselves, an averaged copy of them, the optimizer's state, and
 * what else a trainer keeps (schedulers, scalers, counters).
 */
export type SectionKind = 'weights' | 'ema' | 'optimizer' | 'training';

/** Where a tensor's name is parted, and the section it is in. */
export interface PlacedName {
  readonly section: SectionKind;
  /** What wraps the whole section, as `state_dict.module`; `''` for none. */
  readonly prefix: string;
  /** Modules from the outermost in, then the tensor's own name; never empty. */
  readonly parts: readonly string[];
}

/** Modules within modules that a name is parted into; what is deeper stays one name. Real models reach some twenty. */
export const MODULE_DEPTH = 64;

/** Wrappers that hold the weights and say nothing of them. */
const WRAPPERS: ReadonlySet<string> = new Set(
  `state_dict model_state_dict model_state model_states state model module net network weights params parameters variables
  model_weights _model _orig_mod _forward_module _fsdp_wrapped_module _checkpoint_wrapped_module pytorch_model params_ema_off target
  _layer_checkpoint_dependencies generator_state base_model`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
const OPTIMIZER =
  /^(?:optim|optimi[sz]ers?|optimi[sz]er_(?:states?|state_dicts?|weights)|optim_states?|opt_states?|opt|.*_optimi[sz]er(?:_state(?:_dict)?)?)$/i;
const EMA =
  /^(?:ema|model_ema|ema_model|ema_state(?:_dict)?|state_dict_ema|ema_params|params_ema|ema_weights|averaged_model|swa_model|module_ema|ema_net|ema_unet|net_ema)$/i;
const TRAINING =
  /^(?:lr_schedulers?|schedulers?|scheduler_state(?:_dict)?|scaler|grad_scaler|amp|amp_scaler|loops|callbacks|rng_states?|random_rng_state|random_state|cuda_rng_state|epoch|global_step|step|iteration|hyper_parameters|message_hub|meta|args|best_fitness|train_metrics|train_results|loss_scaler)$/i;
/** Copies beside what they copy: a slow or averaged twin of the network that is trained. */
const TWINS: readonly (readonly [trained: string, averaged: string])[] = [
  ['student', 'teacher'],
  ['online_network', 'target_network'],
  ['online_encoder', 'target_encoder'],
  ['encoder_q', 'encoder_k'],
  ['base_encoder', 'momentum_encoder'],
];
/** Names of a tensor's copies that optimizers keep (torch.optim, and Keras' slots). */
const OPTIMIZER_TENSORS =
  /^(?:exp_avg(?:_sq)?|max_exp_avg_sq|exp_inf|momentum_buffer|square_avg|acc_delta|sum|grad_avg|mu|nu|ax|eta|step|prev|step_size|exp_avg_sq_(?:row|col)|state[12]|qmap[12]|absmax[12])$/;

/** Parts names where modules begin and tells sections apart. */
export function placeNames(names: readonly string[], separator: string): readonly PlacedName[] {
  const all = names.map((name): Pending => ({ parts: split(name, separator), from: 0, section: 'weights' }));
  descend(all);
  return all.map(({ parts, from, section }) => ({ section, prefix: parts.slice(0, from).join(separator), parts: parts.slice(from) }));
}

/** Between a name's parts: `/` where most names have it (TensorFlow, Keras, Flax), else `.`. */
export function separatorOf(names: readonly string[]): '.' | '/' {
  let slashed = 0;
  for (const name of names) if (name.includes('/')) slashed += 1;
  return 2 * slashed > names.length ? '/' : '.';
}

interface Pending {
  readonly parts: readonly string[];
  /** Parts that are the section's prefix. */
  from: number;
  section: SectionKind;
}

function split(name: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let at = 0;
  for (let next = name.indexOf(separator); next >= 0 && parts.length < MODULE_DEPTH - 1; next = name.indexOf(separator, at)) {
    parts.push(name.slice(at, next));
    at = next + separator.length;
  }
  parts.push(name.slice(at));
  return parts;
}

/** Goes from wrapper to wrapper: at each, what is no weights gets its section, and the rest may be wrapped once more. */
function descend(names: readonly Pending[]): void {
  let rest: readonly Pending[] = names;
  for (let depth = 0; depth < MODULE_DEPTH && rest.length > 0; depth += 1) {
    const groups = groupsOf(rest);
    const besideWhole = depth === 0 && [...groups].some(([name, group]) => WHOLE.has(name) && group.some(isNested));
    const weights: Pending[] = [];
    for (const [name, group] of groups) {
      const section = sectionOf(name, group, groups, { outermost: depth === 0, besideWhole });
      for (const one of group) one.section = section;
      if (section === 'weights') for (const one of group) weights.push(one);
      else unwrapAll(group);
    }
    const heads = new Set(weights.map((one) => one.parts[one.from] ?? ''));
    const [only = ''] = heads;
    if (heads.size !== 1 || !isWrapper(only) || weights.some((one) => one.parts.length - one.from < 2)) {
      twins(weights);
      return;
    }
    // A checkpoint of nothing but `model.*` may be a wrapped network or one whose outermost module has that name; both read alike.
    for (const one of weights) one.from += 1;
    rest = weights;
  }
}

function isWrapper(name: string): boolean {
  return WRAPPERS.has(name);
}

function groupsOf(names: readonly Pending[]): ReadonlyMap<string, readonly Pending[]> {
  const groups = new Map<string, Pending[]>();
  for (const one of names) {
    const name = one.parts[one.from] ?? '';
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}

/** Keys of a training loop's dictionary that hold a network whole: what stands beside one is no part of it. */
const WHOLE: ReadonlySet<string> = new Set(['state_dict', 'model_state_dict', 'model_state', 'model_states']);

function sectionOf(
  name: string,
  group: readonly Pending[],
  groups: ReadonlyMap<string, readonly Pending[]>,
  { outermost, besideWhole }: { readonly outermost: boolean; readonly besideWhole: boolean },
): SectionKind {
  const nested = group.every(isNested);
  if (nested && OPTIMIZER.test(name)) return 'optimizer';
  if (nested && EMA.test(name)) return 'ema';
  if (besideWhole && !WHOLE.has(name)) return 'training';
  // Only beside what a trainer saves: a network may have a layer of such a name.
  if (outermost && TRAINING.test(name) && [...groups.keys()].some((other) => isWrapper(other) || OPTIMIZER.test(other))) return 'training';
  // The state of an optimizer saved alone: `state.0.exp_avg`, `exp_avg.layer.weight`.
  if (nested && name === 'state' && group.every((one) => OPTIMIZER_TENSORS.test(one.parts.at(-1) ?? ''))) return 'optimizer';
  return 'weights';
}

function isNested({ parts, from }: Pending): boolean {
  return parts.length - from > 1;
}

/** The prefix of a section that is no weights: its own name, and wrappers within. */
function unwrapAll(group: readonly Pending[]): void {
  for (const one of group) one.from += 1;
  for (let depth = 0; depth < MODULE_DEPTH; depth += 1) {
    const [first] = group;
    const name = first?.parts[first.from] ?? '';
    if (!isWrapper(name) || group.some((one) => one.parts.length - one.from < 2 || one.parts[one.from] !== name)) break;
    for (const one of group) one.from += 1;
  }
  for (const one of group) if (one.from >= one.parts.length) one.from = one.parts.length - 1;
}

/** An averaged twin: it stands beside the trained network, and each of its tensors has a brother there. */
function twins(weights: readonly Pending[]): void {
  const groups = groupsOf(weights);
  for (const [trained, averaged] of TWINS) {
    const [own, copy] = [groups.get(trained), groups.get(averaged)];
    if (!own || !copy) continue;
    const key = ({ parts, from }: Pending) => parts.slice(from + 1).join('\u0000');
    const brothers = new Set(own.map(key));
    if (!copy.every((one) => brothers.has(key(one)))) continue;
    for (const one of copy) one.section = 'ema';
    unwrapAll(copy);
  }
}
