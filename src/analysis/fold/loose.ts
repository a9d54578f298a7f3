import type { Flow } from '../blocks/flow';
import { GLANCE } from '../blocks/glance';
import { layerOf } from '../blocks/layers';
import { joinNames } from '../blocks/titles';
import { does, MOVEMENT } from '../blocks/words';
import { chunk } from './chunks';
import type { Item } from './group';

/** `Data movement`, or the operators that do more than that. */
function titleOf(flow: Flow, nodes: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const index of nodes) {
    const op = flow.nodes[index]?.op ?? '';
    if (!does(flow, index, MOVEMENT)) counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return counts.size === 0 ? 'Data movement' : joinNames(counts);
}

function hasBodies(flow: Flow, index: number): boolean {
  const node = flow.nodes[index];
  return node !== undefined && flow.scope.bodies.has(node);
}

/** Neighbours of a long level that are no groups and no weighted layers, each run of them as one group; in order. */
export function gatherLoose(flow: Flow, items: readonly Item[], prefix: string): readonly Item[] {
  if (items.length <= GLANCE || !items.some(({ kind }) => kind === 'group')) return items;
  const gathered: Item[] = [];
  let run: Item[] = [];
  const close = (): void => {
    const nodes = run.flatMap((item) => (item.kind === 'node' ? [item.index] : []));
    const [only] = run;
    if (nodes.length === 1 && only) gathered.push(only);
    else if (nodes.length > 1) {
      const id = `${prefix}~loose${gathered.length}`;
      const sorted = [...nodes].sort((a, b) => a - b);
      gathered.push({
        kind: 'group',
        group: { id, block: null, title: titleOf(flow, nodes), nodes: sorted, hidden: [], leftOut: 0, items: chunk(flow, run, id) },
      });
    }
    run = [];
  };
  for (const item of items) {
    if (item.kind === 'node' && layerOf(flow, item.index) === null && !hasBodies(flow, item.index)) run.push(item);
    else {
      close();
      gathered.push(item);
    }
  }
  close();
  return gathered;
}
