import type { NodeCost } from './cost';
import { TOTALS, type Totals } from './profile';

/**
 * The totals that leave something out, so that the model has at least as much
 * of them: work of unknown operators, shapes and turns, tensors whose size is
 * not known, and everything inside bodies that were not gone into.
 */
export function lowerBounds(nodes: Iterable<NodeCost>, peakIsBound: boolean): readonly (keyof Totals)[] {
  const bounds = new Set<keyof Totals>(peakIsBound ? ['peakActivationBytes'] : []);
  for (const cost of nodes) {
    if (cost.unopened) for (const figure of TOTALS) bounds.add(figure);
    if (cost.composite) continue;
    const runs = cost.times !== null;
    if (cost.macs === null || (!runs && cost.macs > 0n)) bounds.add('macs');
    if (cost.flops === null || (!runs && cost.flops > 0n)) bounds.add('flops');
    if (cost.writtenBytes === null || (!runs && cost.writtenBytes > 0n)) bounds.add('activationBytes');
  }
  return TOTALS.filter((figure) => bounds.has(figure));
}
