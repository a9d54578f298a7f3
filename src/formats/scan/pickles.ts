import type { ByteSource } from '../../bytes';
import { append } from '../../data';
import { Imports, unpickle } from '../pickle';
import { loadPickles } from '../pytorch/legacy';
import { readNested } from '../pytorch/nested';
import { PartSource } from '../zip';
import type { Collected, ScanPlace } from './collected';
import { beginsAsPickle, isText, PICKLE_NAME } from './kinds';

const NPY = '\x93NUMPY';

/** A file of pickles, or an array of NumPy whose elements are one; `null` for a file that is neither. */
export async function scanPickles(found: Collected, source: ByteSource, head: Uint8Array, place: ScanPlace): Promise<string | null> {
  if ([...NPY].every((character, index) => head[index] === character.charCodeAt(0))) return scanNpy(found, source, head, place);
  const certain = beginsAsPickle(head);
  const loaded = await loadPickles(source, place.name, place.signal);
  // Any text and many other files begin with bytes that are opcodes: those that no pickle is made of end it soon.
  const complete = loaded.broken === '' && loaded.value !== undefined;
  const named = PICKLE_NAME.test(place.name) || !isText(head);
  if (!certain && !complete && !(named && loaded.imports.globals.length > 0)) return null;
  if (!certain && complete && !isWhole(loaded.end, source.size) && loaded.imports.globals.length === 0) return null;
  const nested = await readNested(loaded.imports, source, loaded.places, place.name, place.signal);
  found.parts.push({ place: place.name, imports: loaded.imports, broken: loaded.broken });
  append(found.parts, nested.parts);
  found.nested.push(nested.verdict);
  found.weightsOnly ??= loaded.watcher;
  return loaded.format === 'pytorch' ? 'PyTorch (legacy)' : 'pickle';
}

function isWhole(end: number, size: number): boolean {
  return end === size;
}

/** Arrays of objects are pickled behind the header, and `numpy.load(allow_pickle=True)` runs that. */
async function scanNpy(found: Collected, source: ByteSource, head: Uint8Array, place: ScanPlace): Promise<string> {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const wide = (head[6] ?? 1) > 1;
  const length = head.length < 12 ? 0 : wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  const text = new TextDecoder().decode(head.subarray(wide ? 12 : 10, Math.min(start, head.length)));
  if (!/['"]descr['"]\s*:[^,]*O|\bO\d?['"]/.test(text) || start >= source.size) return 'npy';
  const rest = new PartSource(source, start, source.size - start);
  const imports = new Imports();
  const { broken } = await unpickle(rest, { imports, ...(place.signal ? { signal: place.signal } : {}) });
  found.parts.push({ place: place.name, imports, broken: broken?.message ?? '' });
  return 'npy with pickled objects';
}
