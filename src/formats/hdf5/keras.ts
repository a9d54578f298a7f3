import { own } from '../../data';
import type { Contents, Dataset } from './contents';

/** A weight by the name that Keras has for it. */
export interface NamedWeight {
  readonly name: string;
  /** Learned, or kept beside; absent where it is not known. */
  readonly role?: 'parameter' | 'buffer';
}

/** What a layer was made with, as far as it is known: its class in snake case, and its configuration. */
export interface LayerSettings {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Names of the datasets of a Keras file, in the order of its layers: `stem/kernel` for
 * `model_weights/stem/stem/kernel:0` (one group a layer, whose attribute `weight_names` lists them) and for
 * `layers/conv2d/vars/0` (Keras 3: the layer's name is an attribute, its weights are numbers in the order in which the
 * layer makes them). Datasets that are no layer's keep their paths, and so do all whose names would not be unique.
 */
export function kerasNames(
  { attributes, datasets }: Contents,
  layers: ReadonlyMap<string, LayerSettings>,
): ReadonlyMap<string, NamedWeight> {
  const names = new Map<string, NamedWeight>();
  for (const [path, name] of listedNames({ attributes, datasets })) names.set(path, { name, ...roleOf(name) });
  for (const path of datasets.keys()) {
    const named = names.has(path) ? undefined : numberedName(path, { attributes, datasets }, layers);
    if (named) names.set(path, named);
  }
  const count = new Map<string, number>();
  for (const { name } of names.values()) count.set(name, (count.get(name) ?? 0) + 1);
  for (const [path, { name }] of names) if ((count.get(name) ?? 0) > 1 || datasets.has(name)) names.delete(path);
  return names;
}

/** Weights by the lists that whole files of Keras 1 to 3 have of them. */
function* listedNames({ attributes, datasets }: Contents): Generator<readonly [string, string]> {
  for (const [root, held] of attributes) {
    const layers = held.get('layer_names');
    if (!Array.isArray(layers)) continue;
    for (const layer of layers) {
      const group = root === '' ? String(layer) : `${root}/${layer}`;
      const weights = attributes.get(group)?.get('weight_names');
      if (!Array.isArray(weights)) continue;
      for (const weight of weights) {
        const path = `${group}/${weight}`;
        if (!datasets.has(path)) continue;
        // TensorFlow's names of variables end in the number of the operation's output.
        const name = String(weight).replace(/:0$/, '');
        yield [path, name.startsWith(`${layer}/`) ? name : `${layer}/${name}`];
      }
    }
  }
}

/** A weight of Keras 3's own form, `.../vars/N`. */
function numberedName(path: string, contents: Contents, layers: ReadonlyMap<string, LayerSettings>): NamedWeight | null {
  const [, folder = '', number = ''] = /^(.*)\/vars\/(\d+)$/.exec(path) ?? [];
  if (folder === '' || folder.startsWith('optimizer')) return null;
  const parts = folder.split('/');
  const names: string[] = [];
  let type = '';
  for (let end = 1; end <= parts.length; end += 1) {
    const own = contents.attributes.get(`${parts.slice(0, end).join('/')}/vars`)?.get('name');
    if (typeof own === 'string' && own !== '') {
      names.push(own);
      type = (parts[end - 1] ?? '').replace(/_\d+$/, '');
    }
  }
  const last = names.at(-1);
  if (last === undefined) return null;
  const settings = names.length === 1 ? layers.get(last) : undefined;
  const shapes = shapesOf(`${folder}/vars`, contents.datasets);
  const weight = weightNames(settings?.type ?? type, last, shapes, settings?.config)[Number(number)];
  return { name: [...names, weight ?? number].join('/'), ...roleOf(weight ?? '') };
}

function shapesOf(folder: string, datasets: ReadonlyMap<string, Dataset>): readonly (readonly number[])[] {
  const shapes: (readonly number[])[] = [];
  for (let number = 0; ; number += 1) {
    const dataset = datasets.get(`${folder}/${number}`);
    if (!dataset) return shapes;
    shapes.push(dataset.shape);
  }
}

/** Weights of layers in the order in which they are made (keras/src/layers); those in brackets may be left out. */
const WEIGHTS: Readonly<Record<string, readonly string[]>> = {
  batch_normalization: ['[scale] gamma', '[center] beta', 'moving_mean', 'moving_variance'],
  layer_normalization: ['[scale] gamma', '[center] beta'],
  group_normalization: ['[scale] gamma', '[center] beta'],
  rms_normalization: ['scale'],
  unit_normalization: [],
  embedding: ['embeddings'],
  separable_conv1d: ['depthwise_kernel', 'pointwise_kernel', '[use_bias] bias'],
  separable_conv2d: ['depthwise_kernel', 'pointwise_kernel', '[use_bias] bias'],
  lstm_cell: ['kernel', 'recurrent_kernel', '[use_bias] bias'],
  gru_cell: ['kernel', 'recurrent_kernel', '[use_bias] bias'],
  simple_rnn_cell: ['kernel', 'recurrent_kernel', '[use_bias] bias'],
  p_re_lu: ['alpha'],
  prelu: ['alpha'],
  normalization: ['mean', 'variance', 'count'],
};

/** Names of a layer's weights; none where they cannot be told for sure. */
function weightNames(
  type: string,
  name: string,
  shapes: readonly (readonly number[])[],
  config: Readonly<Record<string, unknown>> | undefined,
): readonly string[] {
  const table = own(WEIGHTS, type) ?? own(WEIGHTS, name.replace(/_\d+$/, ''));
  if (table) {
    const chosen = table.flatMap((entry) => {
      const [, option, weight] = /^\[(\w+)\] (\w+)$/.exec(entry) ?? [];
      if (option === undefined || weight === undefined) return [entry];
      return config?.[option] === false ? [] : [weight];
    });
    if (chosen.length === shapes.length) return chosen;
    // Without the configuration, a bias at the end may be missing, and nothing else can be told.
    const shorter = chosen.filter((weight) => weight !== 'bias');
    return shorter.length === shapes.length ? shorter : [];
  }
  const [first, second] = shapes;
  const kernel = first !== undefined && first.length > 1;
  if (kernel && shapes.length === 1 && /conv|dense/.test(type)) return ['kernel'];
  if (kernel && second !== undefined && shapes.length === 2 && second.length < first.length && /conv|dense/.test(type))
    return ['kernel', 'bias'];
  return [];
}

function roleOf(weight: string): { readonly role?: 'parameter' | 'buffer' } {
  const last = weight.split('/').at(-1) ?? '';
  if (/^moving_(mean|variance)$/.test(last)) return { role: 'buffer' };
  return /kernel$|^(bias|gamma|beta|embeddings)$/.test(last) ? { role: 'parameter' } : {};
}
