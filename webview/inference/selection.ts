import { minimumOf } from '../../src/data';
import type { AttentionLayer } from '../../src/protocol';
import type { ColorMapName } from '../common';

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

/** How heat is drawn before anything was chosen. */
export const INITIAL_LOOK: Look = {
  opacity: 0.7,
  colorMap: 'viridis',
  smooth: true,
  asSeen: false,
  block: '',
  head: 'mean',
  window: 0,
};

/** Reads a kept look; what is missing or of another shape takes its initial value. */
export function restoreLook(kept: unknown): Look {
  if (typeof kept !== 'object' || kept === null) return INITIAL_LOOK;
  const from = kept as Partial<Record<keyof Look, unknown>>;
  const { opacity, colorMap, smooth, asSeen, block, head, window } = from;
  return {
    opacity: typeof opacity === 'number' && opacity >= 0 && opacity <= 1 ? opacity : INITIAL_LOOK.opacity,
    colorMap: colorMap === 'viridis' || colorMap === 'cividis' ? colorMap : INITIAL_LOOK.colorMap,
    smooth: typeof smooth === 'boolean' ? smooth : INITIAL_LOOK.smooth,
    asSeen: typeof asSeen === 'boolean' ? asSeen : INITIAL_LOOK.asSeen,
    block: typeof block === 'string' ? block : '',
    head: typeof head === 'number' || head === 'rollout' ? head : 'mean',
    window: typeof window === 'number' && Number.isInteger(window) && window >= 0 ? window : 0,
  };
}

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
