import { type ByteSource, FormatError, LimitError } from '../../bytes';
import type { Checkpoint } from '../../model';
import { ByteStream } from '../byteStream';
import { FindingList } from '../findings';
import type { Format, OpenOptions } from '../format';
import { TreeReader } from './tree';

/** Flax's MessagePack: a tree of maps with arrays at its ends. Arrays' bytes are gone over, and read when they are asked for. */
export const msgpack: Format = {
  id: 'msgpack',
  extensions: ['.msgpack'],
  matches: isTree,
  open: readMsgpack,
};

/** A map with entries, the first of which is named by a text that begins with a letter, a digit or an underscore. */
function isTree(head: Uint8Array): boolean {
  const [first = 0] = head;
  const small = first > 0x80 && first < 0x90;
  if (!small && first !== 0xde && first !== 0xdf) return false;
  const key = small ? 1 : first === 0xde ? 3 : 5;
  const kind = head[key] ?? 0;
  const text = kind > 0xa0 && kind < 0xc0 ? key + 1 : kind === 0xd9 ? key + 2 : 0;
  const length = kind === 0xd9 ? (head[key + 1] ?? 0) : kind & 31;
  const name = head.subarray(text, text + length);
  return text > 0 && name.length === length && head.length > text + length && name.every((byte) => byte >= 32 && byte !== 127);
}

/** @throws FormatError where nothing of it can be read; LimitError for a tree that is too large or too deep */
async function readMsgpack(source: ByteSource, { signal }: OpenOptions): Promise<Checkpoint> {
  const findings = new FindingList();
  const stream = new ByteStream(source, 'msgpack');
  const reader = new TreeReader(stream, findings, signal);
  try {
    await reader.read('', 0);
    if (stream.left > 0) findings.warn('msgpack-rest', `${stream.left} bytes follow the tree from byte ${stream.position} on.`);
  } catch (error) {
    if (error instanceof LimitError || !(error instanceof FormatError) || reader.tree.tensors.size === 0) throw error;
    findings.error(
      'msgpack-damaged',
      `What follows byte ${stream.position} is not shown. ${error.message.replace(/^The file is damaged: (.)/, (_, first: string) => first.toUpperCase())}`,
    );
  }
  const { tensors, texts } = reader.tree;
  return {
    format: 'msgpack',
    formatVersion: '',
    metadata: Object.fromEntries(texts),
    tensors: [...tensors.values()],
    externalFiles: [],
    findings: findings.list(),
  };
}
