import type { Node } from '../../model';
import type { FindingList } from '../findings';
import { nodeLabel } from './subgraphs';

/** What each node reads, by name, its subgraphs included. */
type Reads = readonly (readonly string[])[];

/** Finds a cycle (an error), or nodes listed before what they read (a warning: ONNX wants topological order, but any tool can sort). */
export function checkOrder(nodes: readonly Node[], reads: Reads, producers: ReadonlyMap<string, number>, findings: FindingList): void {
  const late = nodes.findIndex((_, index) => (reads[index] ?? []).some((name) => (producers.get(name) ?? -1) >= index));
  if (late < 0) return;
  const stuck = nodeOnCycle(nodes, reads, producers);
  const node = nodes[stuck ?? late];
  if (node === undefined) return;
  if (stuck === null) {
    findings.warn(
      'order',
      `${nodeLabel(node)} is listed before a node whose output it reads; the nodes are not in topological order.`,
      node.id,
    );
  } else {
    findings.error('cycle', `${nodeLabel(node)} is on a cycle: it reads what is computed from its own output.`, node.id);
  }
}

/** Takes away nodes whose inputs are all made until none is left; from one that is left, going back to a maker that is left must come round. */
function nodeOnCycle(nodes: readonly Node[], reads: Reads, producers: ReadonlyMap<string, number>): number | null {
  const waiting = new Int32Array(nodes.length);
  const readers: number[][] = nodes.map(() => []);
  reads.forEach((names, index) => {
    for (const name of names) {
      const maker = producers.get(name) ?? -1;
      if (maker < 0) continue;
      readers[maker]?.push(index);
      waiting[index] = (waiting[index] ?? 0) + 1;
    }
  });
  const ready = [...waiting.keys()].filter((index) => waiting[index] === 0);
  let done = 0;
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    done += 1;
    for (const reader of readers[index] ?? []) {
      const left = (waiting[reader] ?? 0) - 1;
      waiting[reader] = left;
      if (left === 0) ready.push(reader);
    }
  }
  if (done === nodes.length) return null;
  return walkBack(waiting, reads, producers);
}

function walkBack(waiting: Int32Array, reads: Reads, producers: ReadonlyMap<string, number>): number {
  const seen = new Set<number>();
  let at = waiting.findIndex((count) => count > 0);
  while (!seen.has(at)) {
    seen.add(at);
    const names = reads[at] ?? [];
    const maker = names.map((name) => producers.get(name) ?? -1).find((index) => index >= 0 && (waiting[index] ?? 0) > 0);
    if (maker === undefined) break;
    at = maker;
  }
  return at;
}
