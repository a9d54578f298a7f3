import type { NodeRow } from '../../../src/protocol';
import type { ProfileIndex } from '../profileIndex';
import { shapeText } from '../shapeText';

interface Query {
  readonly ops: readonly string[];
  readonly words: readonly string[];
}

/** `op:Conv stage 64, 56` means operator Conv, and both words somewhere in name, operator, block or shapes. */
export function parseQuery(text: string): Query {
  const parts = text.toLowerCase().match(/\[[^\]]*\]?|\S+/g) ?? [];
  const ops = parts.filter((part) => part.startsWith('op:')).map((part) => part.slice(3));
  return { ops, words: parts.filter((part) => !part.startsWith('op:')) };
}

/** What a node can be found by, in lower case. */
export function haystack(node: NodeRow, blockLabel: string): string {
  const shapes = node.outputs.map((output) => `${output.name} ${shapeText(output.shape)}`);
  return [node.name, node.op, node.id, blockLabel, ...shapes].join('\n').toLowerCase();
}

/** Ids of the nodes that match, in model order; nothing matches an empty query. */
export function searchNodes(index: ProfileIndex, text: string): readonly string[] {
  const { ops, words } = parseQuery(text);
  if (ops.length === 0 && words.length === 0) return [];
  return index.rows
    .filter((node) => {
      if (!ops.every((op) => node.op.toLowerCase() === op || (op.length > 1 && node.op.toLowerCase().startsWith(op)))) return false;
      const text = haystack(node, index.blocks.get(node.block)?.label ?? '');
      return words.every((word) => text.includes(word));
    })
    .map((node) => node.id);
}
