import { type ByteSource, LIMITS, LimitError } from '../../bytes';
import { append } from '../../data';
import type { Checkpoint, Tensor } from '../../model';
import { FindingList } from '../findings';
import type { Format, OpenOptions } from '../format';
import { readArray } from './array';
import { isArray, readHeader } from './header';

/** A NumPy array, or several that were saved one behind the other. Headers alone are read; a pickle in one is left alone. */
export const npy: Format = { id: 'npy', extensions: ['.npy'], matches: isArray, open: readNpy };

/**
 * Lists the arrays of a file.
 * @throws FormatError where the first header is damaged, LimitError for more arrays than are read.
 */
async function readNpy(source: ByteSource, { name, signal }: OpenOptions): Promise<Checkpoint> {
  const findings = new FindingList();
  const stem = name.replace(/^.*[\\/]/, '').replace(/\.npy$/i, '');
  const arrays: (readonly Tensor[])[] = [];
  let version = '';
  let at = 0;
  while (at < source.size) {
    signal?.throwIfAborted();
    if (arrays.length >= LIMITS.tensors) {
      const message = `The file has more than ${LIMITS.tensors} arrays, which is as many as are read here.`;
      throw new LimitError(message, { name: 'tensors', value: LIMITS.tensors });
    }
    if (arrays.length > 0 && !isArray(await source.read(at, Math.min(6, source.size - at)))) {
      findings.warn('npy-rest', `${source.size - at} bytes follow the last array from byte ${at} on, and are no array.`);
      break;
    }
    const header = await readHeader(source, at);
    version ||= header.version;
    const place = { file: '', offset: header.data, available: source.size - header.data };
    const { tensors, bytes } = readArray(arrays.length === 0 ? stem : `${stem}[${arrays.length}]`, header, place, findings);
    arrays.push(tensors);
    if (bytes === null) break;
    at = header.data + bytes;
  }
  const tensors: Tensor[] = [];
  for (const array of arrays) append(tensors, array);
  return { format: 'npy', formatVersion: version, metadata: {}, tensors, externalFiles: [], findings: findings.list() };
}
