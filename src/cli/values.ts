import { readFile } from 'node:fs/promises';
import { UserError } from '../engine/errors';
import { UsageError } from './options';

/** A value of an input as `--value` gives it; without a shape the input's own counts. */
export interface InputValue {
  readonly name: string;
  readonly shape: readonly number[] | null;
  readonly numbers: readonly number[];
}

/** `NAME=NUMBER`, `NAME=1,2,3` or `NAME=@FILE.npy`. @throws UsageError, or UserError for the file. */
export async function parseValue(text: string): Promise<InputValue> {
  const split = text.indexOf('=');
  const [name, given] = [text.slice(0, split), text.slice(split + 1)];
  if (split <= 0 || given === '') throw new UsageError(`--value ${text} is not NAME=NUMBER, NAME=1,2,3 or NAME=@FILE.npy.`);
  if (given.startsWith('@')) return { name, ...(await readNumpy(given.slice(1))) };
  const numbers = given.split(',').map((one) => (one === 'true' ? 1 : one === 'false' ? 0 : Number(one || 'none')));
  if (!numbers.every(Number.isFinite)) throw new UsageError(`--value ${text} is not NAME=NUMBER, NAME=1,2,3 or NAME=@FILE.npy.`);
  return { name, shape: null, numbers };
}

type Reader = (view: DataView, offset: number) => number;

const READERS: Readonly<Record<string, readonly [bytes: number, read: Reader]>> = {
  '|b1': [1, (view, at) => view.getUint8(at)],
  '|u1': [1, (view, at) => view.getUint8(at)],
  '|i1': [1, (view, at) => view.getInt8(at)],
  '<u2': [2, (view, at) => view.getUint16(at, true)],
  '<i2': [2, (view, at) => view.getInt16(at, true)],
  '<u4': [4, (view, at) => view.getUint32(at, true)],
  '<i4': [4, (view, at) => view.getInt32(at, true)],
  '<u8': [8, (view, at) => Number(view.getBigUint64(at, true))],
  '<i8': [8, (view, at) => Number(view.getBigInt64(at, true))],
  '<f4': [4, (view, at) => view.getFloat32(at, true)],
  '<f8': [8, (view, at) => view.getFloat64(at, true)],
};
const MAGIC = '\x93NUMPY';
/** Numbers of one file. */
const MAX_NUMBERS = 2 ** 24;

/** NumPy's format (numpy.lib.format, versions 1 to 3): a header in Python's literals, then the elements. */
async function readNumpy(path: string): Promise<Omit<InputValue, 'name'>> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code ?? error}).`);
  });
  if (bytes.toString('latin1', 0, 6) !== MAGIC || bytes.length < 12) throw new UserError(`${path} is no .npy file.`);
  const wide = (bytes[6] ?? 1) > 1;
  const start = (wide ? 12 : 10) + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString('latin1', wide ? 12 : 10, Math.min(start, bytes.length));
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '';
  const extents = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (!reader || extents === undefined || !/'fortran_order':\s*False/.test(header)) {
    throw new UserError(`${path} holds "${type}", or not row by row; save numbers with numpy.save(path, numpy.ascontiguousarray(array)).`);
  }
  const shape = extents
    .split(',')
    .filter((extent) => extent.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const [size, read] = reader;
  if (!(count >= 0 && count <= MAX_NUMBERS) || bytes.length < start + count * size) {
    throw new UserError(`${path} says that it holds ${count} numbers, which is more than there are, or than can be fed.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { shape, numbers: Array.from({ length: count }, (_, index) => read(view, start + index * size)) };
}
