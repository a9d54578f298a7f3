import type { NodeCost } from './cost';
import type { Totals } from './profile';

/** A figure that holds where every part of it is known, in the order of `Totals`. */
const FIGURES: readonly (keyof Totals)[] = [
  'parameters',
  'trainableParameters',
  'buffers',
  'macs',
  'flops',
  'weightBytes',
  'activationBytes',
  'peakActivationBytes',
];

/**
 * The totals that leave something out, so that the model has at least as much
 * of them: work of unknown operators, shapes and turns, tensors whose size is
 * not known, and everything inside bodies that were not gone into.
 */
export function lowerBounds(nodes: Iterable<NodeCost>, peakIsBound: boolean): readonly (keyof Totals)[] {
  const bounds = new Set<keyof Totals>(peakIsBound ? ['peakActivationBytes'] : []);
  for (const cost of nodes) {
    if (cost.unopened) for (const figure of FIGURES) bounds.add(figure);
    if (cost.composite) continue;
    const runs = cost.times !== null;
    if (cost.macs === null || (!runs && cost.macs > 0n)) bounds.add('macs');
    if (cost.flops === null || (!runs && cost.flops > 0n)) bounds.add('flops');
    if (cost.writtenBytes === null || (!runs && cost.writtenBytes > 0n)) bounds.add('activationBytes');
  }
  return FIGURES.filter((figure) => bounds.has(figure));
}
