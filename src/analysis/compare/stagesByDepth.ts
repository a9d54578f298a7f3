import { traitsOf } from '../blocks/kinds';
import type { Block } from '../profile';
import type { StageKey } from './stageKey';
import type { Unit } from './stageUnits';

const QUARTERS = 4;

/**
 * Keys of the units of a model of one resolution: encoder and decoder where a
 * block attends to another sequence, else quarters of the depth.
 */
export function cutByDepth(units: readonly Unit[]): readonly StageKey[] {
  const layers = units.flatMap((unit, at) => (isLayer(unit) ? [at] : []));
  const last = layers.at(-1) ?? -1;
  const keyOf = layerKeys(units, layers);
  let current: StageKey = { kind: units.some(({ block }) => block?.kind === 'stem') ? 'stem' : 'embedding', number: 0 };
  return units.map((unit, at) => {
    if (at < last && isEmbedding(unit)) return { kind: 'embedding', number: 0 };
    if (last >= 0 && at > last) return { kind: 'head', number: 0 };
    current = keyOf.get(at) ?? current;
    return current;
  });
}

function layerKeys(units: readonly Unit[], layers: readonly number[]): ReadonlyMap<number, StageKey> {
  const decoder = layers.findIndex((at) => crosses(units[at]?.block ?? null));
  return new Map(
    layers.map((at, index): [number, StageKey] => {
      if (decoder > 0) return [at, { kind: index < decoder ? 'encoder' : 'decoder', number: 0 }];
      if (layers.length < QUARTERS) return [at, { kind: 'layers', number: 0 }];
      return [at, { kind: 'quarter', number: 1 + Math.floor((index * QUARTERS) / layers.length) }];
    }),
  );
}

function isLayer({ block, nodes }: Unit): boolean {
  if (block) return !traitsOf(block.kind).shallow;
  return nodes.some(({ macs, category }) => macs !== null && BigInt(macs) > 0n && category !== 'head' && category !== 'embedding');
}

function isEmbedding({ block, nodes }: Unit): boolean {
  return block === null && nodes.some(({ category }) => category === 'embedding');
}

/** True where attention reads keys from another sequence than its queries. */
function crosses(block: Block | null): boolean {
  return block !== null && (block.attributes['cross'] === true || block.children.some(crosses));
}
