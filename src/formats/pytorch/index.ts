import { type ByteSource, FormatError } from '../../bytes';
import type { Checkpoint } from '../../model';
import type { Format, OpenOptions } from '../format';
import { HEAD_BYTES } from '../sniff';
import { loadArchive } from './archive';
import { isDistributed, openDistributed } from './distributed';
import { loadPickles } from './legacy';
import { checkpointOf } from './loaded';
import { legacyTarEntries, loadTar } from './tar';
import { isTorchScript, torchArchive } from './torchArchive';
import { openTorchScript } from './torchscript';

/** What `torch.save` and `torch.jit.save` write, of every version, and pickles of other makers. */
export const pytorch: Format = {
  id: 'pytorch',
  extensions: ['.pt', '.pth', '.ckpt', '.bin', '.pkl', '.pickle', '.tar', '.distcp', '.metadata'],
  matches: (head, name) =>
    isPickle(head) || SHARD.test(name) || isLegacyTar(head) || (NAMED.test(name) && OLD_PICKLE.includes(String.fromCharCode(head[0] ?? 0))),
  matchesArchive: ({ entries }) => [...entries.keys()].some((name) => /^(?:[^/]+\/)?data\.pkl$/i.test(name)),
  open,
};

/** A file of a distributed checkpoint: archives one behind the other. */
const SHARD = /\.distcp$/i;
const NAMED = /\.(?:pt|pth|ckpt|pkl|pickle)$/i;
/** What pickles of protocols 0 and 1 begin with: a container, a text, a name, a number. */
const OLD_PICKLE = '(])}lcSVILFNKMJGUX';

async function open(source: ByteSource, options: OpenOptions): Promise<Checkpoint> {
  const { name, archive, openSibling, signal } = options;
  if (SHARD.test(name)) {
    const index = await openSibling?.('.metadata');
    if (!index)
      throw new FormatError('The file is a part of a distributed checkpoint, and ".metadata", which says what is in it, is not beside it.');
    return open(index, { ...options, name: '.metadata' });
  }
  if (archive) {
    const torch = torchArchive(archive);
    return isTorchScript(torch) ? openTorchScript(torch, signal) : checkpointOf(await loadArchive(torch, signal), signal);
  }
  const entries = await legacyTarEntries(source, await source.read(0, Math.min(HEAD_BYTES, source.size)));
  if (entries) return checkpointOf(await loadTar(source, entries, name, signal), signal);
  const loaded = await loadPickles(source, name, signal);
  // A file that is nothing we know, called .bin: its first bytes were no pickle, or one by chance.
  if (loaded.value === undefined && loaded.imports.globals.length === 0) {
    throw new FormatError(`The file is no checkpoint of PyTorch: ${loaded.broken}`, { format: 'pytorch' });
  }
  if (isDistributed(loaded)) return openDistributed(loaded, options);
  return checkpointOf(loaded, signal);
}

/** Protocols 2 to 5 begin with PROTO and its number; what follows tells them from two random bytes. */
function isPickle(head: Uint8Array): boolean {
  const [proto, version, opcode] = head;
  if (proto !== 0x80 || version === undefined || version < 1 || version > 5 || opcode === undefined) return false;
  return '\x95}](KJM\x8a\x8ccCX\x8eN\x88\x89)BGUT'.includes(String.fromCharCode(opcode));
}

/** A tar archive whose first entry is one of PyTorch's, whatever the order. */
function isLegacyTar(head: Uint8Array): boolean {
  const name = /^(?:\.\/)?(?:storages|tensors|pickle|sys_info)\0/;
  return head.length >= 512 && name.test(new TextDecoder().decode(head.subarray(0, 100)));
}
