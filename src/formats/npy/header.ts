import { type ByteSource, FormatError, LIMITS, LimitError } from '../../bytes';
import { type PyValue, parseLiteral } from './literal';

/** `\x93NUMPY`, with which every array begins. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const PREFIX_BYTES = 12;

/** What an array's header says (NEP 1 and `numpy.lib.format`, versions 1.0, 2.0 and 3.0). */
export interface ArrayHeader {
  readonly version: string;
  /** The element type: a text such as `<f4`, or a list of fields. */
  readonly descr: PyValue;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin in the source. */
  readonly data: number;
}

/** Whether bytes begin as an array does. */
export function isArray(head: Uint8Array): boolean {
  return MAGIC.every((byte, index) => head[index] === byte);
}

/** Reads the header of the array that begins at `at`. @throws FormatError where it is damaged, LimitError for a header that is too long. */
export async function readHeader(source: ByteSource, at: number): Promise<ArrayHeader> {
  const prefix = await source.read(at, Math.min(PREFIX_BYTES, source.size - at));
  if (!isArray(prefix)) throw damaged('there is no array', at);
  const [major = 0, minor = 0] = prefix.subarray(MAGIC.length);
  if (major < 1 || major > 3) throw new FormatError(`The file is a NumPy array of version ${major}.${minor}; 1 to 3 are known.`, place(at));
  const long = major > 1;
  if (prefix.length < (long ? 12 : 10)) throw damaged(`it ends in the length of its header`, source.size);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = at + (long ? 12 : 10);
  if (length > LIMITS.headerBytes) {
    const message = `The header is ${length} bytes long; at most ${LIMITS.headerBytes} are read.`;
    throw new LimitError(message, { name: 'headerBytes', value: LIMITS.headerBytes });
  }
  if (start + length > source.size) throw damaged(`its header ends at byte ${start + length}, and the file at byte ${source.size}`, start);
  const bytes = await source.read(start, length);
  const literal = parseLiteral(new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes));
  return { version: `${major}.${minor}`, ...fieldsOf(literal?.value ?? null, start), data: start + length };
}

function fieldsOf(header: PyValue, at: number): Pick<ArrayHeader, 'descr' | 'fortran' | 'shape'> {
  if (!(header instanceof Map)) throw damaged('its header is no Python dictionary', at);
  const descr = header.get('descr');
  const fortran = header.get('fortran_order');
  const shape = header.get('shape');
  if (descr === undefined) throw damaged('its header has no "descr", the type of its elements', at);
  if (typeof fortran !== 'boolean') throw damaged('its header has no "fortran_order" that is True or False', at);
  if (!isShape(shape)) throw damaged('its header has no "shape" that is a tuple of extents', at);
  return { descr, fortran, shape };
}

/** True for whole extents of which none is negative; NumPy itself has 64 axes at the most. */
export function isShape(value: PyValue | undefined): value is readonly number[] {
  return Array.isArray(value) && value.length <= 64 && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
}

/** A fault of the file, for good; `what` follows "The file is damaged: ". */
export function damaged(what: string, offset: number): FormatError {
  return new FormatError(`The file is damaged: ${what} (byte ${offset}).`, place(offset));
}

function place(offset: number): { readonly format: string; readonly offset: number } {
  return { format: 'npy', offset };
}
