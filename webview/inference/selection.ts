import { minimumOf } from '../../src/data';
import type { AttentionLayer } from '../../src/protocol';
import type { ColorMapName } from '../common';
import { flag, number, oneOf, text } from '../common/kept';
import type { KeptAs } from '../common/store';

/** What the person set in this panel; kept while the tab lives. */
export interface Look {
  /** Of the heat over the image, 0 to 1. */
  readonly opacity: number;
  readonly colorMap: ColorMapName;
  readonly smooth: boolean;
  /** The image as the network got it instead of as the person knows it. */
  readonly asSeen: boolean;
  /** Block id of the chosen layer; `''` before one was chosen. */
  readonly block: string;
  readonly head: number | 'mean' | 'rollout';
  readonly window: number;
}

/** How it is kept. */
export const KEPT: KeptAs<Look> = {
  key: 'look',
  first: { opacity: 0.7, colorMap: 'viridis', smooth: true, asSeen: false, block: '', head: 'mean', window: 0 },
  readers: {
    opacity: number((value) => value >= 0 && value <= 1),
    colorMap: oneOf(['viridis', 'cividis']),
    smooth: flag,
    asSeen: flag,
    block: text,
    head: (kept) => (typeof kept === 'number' || kept === 'rollout' ? kept : 'mean'),
    window: number((value) => Number.isInteger(value) && value >= 0),
  },
};

/** The chosen layer, or the last one: the deepest attention says most about the answer. `null` without attention. */
export function chosenLayer(layers: readonly AttentionLayer[], look: Look): AttentionLayer | null {
  return layers.find((layer) => layer.block === look.block) ?? layers.at(-1) ?? null;
}

/** Fits head and window to a layer, for a layer may have fewer of them than the one before. */
export function clampTo(layer: AttentionLayer, look: Look, rolloutOffered: boolean): Look {
  const head =
    look.head === 'rollout' ? (rolloutOffered ? 'rollout' : 'mean') : look.head === 'mean' || look.head < layer.heads ? look.head : 'mean';
  return { ...look, block: layer.block, head, window: Math.min(look.window, layer.windows - 1) };
}

/** Labels of the layers, numbered where the model gives several the same. */
export function layerLabels(layers: readonly AttentionLayer[]): readonly string[] {
  const count = new Map<string, number>();
  for (const { label } of layers) count.set(label, (count.get(label) ?? 0) + 1);
  const used = new Map<string, number>();
  return layers.map(({ label }) => {
    if ((count.get(label) ?? 0) < 2) return label;
    const number = (used.get(label) ?? 0) + 1;
    used.set(label, number);
    return `${label} ${number}`;
  });
}

/** Labels longer than this do not fit under a thumbnail. */
const SHORT_LABEL = 12;

/**
 * Labels for under the thumbnails: where some are long, the words that all
 * share are left out at both ends, but for the last shared one at the front
 * ("Transformer stage 0", "Transformer stage 1" become "stage 0", "stage 1").
 */
export function shortLabels(labels: readonly string[]): readonly string[] {
  if (labels.length < 2 || labels.every((label) => label.length <= SHORT_LABEL)) return labels;
  const words = labels.map((label) => label.split(/(?<=[\s./])/));
  const [first = []] = words;
  const shortest = minimumOf(words.map((one) => one.length));
  const shared = (at: (one: readonly string[], index: number) => string | undefined) => {
    let count = 0;
    while (count < shortest - 1 && words.every((one) => at(one, count) === at(first, count))) count += 1;
    return count;
  };
  const front = Math.max(0, shared((one, index) => one[index]) - 1);
  const back = Math.min(
    shared((one, index) => one[one.length - 1 - index]),
    shortest - 1 - front,
  );
  return words.map((one) =>
    one
      .slice(front, one.length - back)
      .join('')
      .replace(/[\s./]+$/, ''),
  );
}
