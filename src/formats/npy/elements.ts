import type { DType } from '../../model';
import { isShape } from './header';
import type { PyValue } from './literal';

/** One number, text or the like of an array's elements: all of it, or a field of a structured type. */
export interface Leaf {
  /** Names of the fields that lead to it; empty where the element has no fields. */
  readonly path: readonly string[];
  readonly type: ElementType;
  /** Where in the element it begins, in bytes. */
  readonly offset: number;
  /** Extents of a field that is an array itself. */
  readonly shape: readonly number[];
}

/** A type as NumPy writes it. */
export interface ElementType {
  readonly dtype: DType;
  /** Bytes of one. */
  readonly bytes: number;
  readonly bigEndian: boolean;
  /** The codec that turns it into `dtype`, where it is none that can be read as it is. */
  readonly codec?: string;
  /** Its elements are a pickle of Python objects. */
  readonly pickle?: true;
  /** Why its values cannot be had, as a sentence. */
  readonly missing?: string;
  /** Something to say of it though its values can be had, as a sentence. */
  readonly note?: string;
}

/** Fields of a structured type that are listed, nested ones too. */
const MOST_FIELDS = 10_000;

const NUMBERS: ReadonlyMap<string, DType> = new Map([
  ['b1', 'bool'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['u1', 'uint8'],
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
  ['c8', 'complex64'],
  ['c16', 'complex128'],
]);

/** The parts of one element and its bytes; `null` where NumPy's `descr` cannot be understood. */
export function leavesOf(descr: PyValue): { readonly leaves: readonly Leaf[]; readonly bytes: number } | null {
  const leaves: Leaf[] = [];
  const bytes = collect(descr, [], 0, leaves);
  return bytes === null || leaves.length > MOST_FIELDS ? null : { leaves, bytes };
}

/** Appends the parts of `descr` and gives its bytes. */
function collect(descr: PyValue, path: readonly string[], offset: number, leaves: Leaf[]): number | null {
  if (typeof descr === 'string') {
    const type = typeOf(descr);
    if (type) leaves.push({ path, type, offset, shape: [] });
    return type?.bytes ?? null;
  }
  if (!Array.isArray(descr)) return null;
  let bytes = 0;
  for (const field of descr) {
    if (leaves.length > MOST_FIELDS) return null;
    const size = collectField(field, path, offset + bytes, leaves);
    if (size === null) return null;
    bytes += size;
  }
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** A field is its name, or a title with it, its type, and the extents of an array in it. Nameless ones fill gaps. */
function collectField(field: PyValue, path: readonly string[], offset: number, leaves: Leaf[]): number | null {
  if (!Array.isArray(field)) return null;
  const [label, descr, extents] = field as readonly (PyValue | undefined)[];
  const name = Array.isArray(label) ? label[1] : label;
  const shape = typeof extents === 'number' ? [extents] : (extents ?? []);
  if (typeof name !== 'string' || descr === undefined || !isShape(shape)) return null;
  const inner: Leaf[] = [];
  const size = collect(descr, name === '' ? path : [...path, name], offset, inner);
  if (size === null) return null;
  const repeated = shape.length > 0;
  for (const leaf of inner) {
    if (name === '' && leaf.type.dtype === 'undefined') continue;
    // Structures repeated within an element would be views of two strides; a plain field repeated is one.
    const broken = repeated && inner.length > 1;
    const type = broken ? { ...leaf.type, missing: 'Fields of an array of structures within an element cannot be read.' } : leaf.type;
    leaves.push({ ...leaf, type, shape: [...shape, ...leaf.shape] });
  }
  return shape.reduce((product, extent) => product * extent, size);
}

/** A type by NumPy's text for it, such as `>f8`; `null` for none. */
function typeOf(text: string): ElementType | null {
  const [all, order = '|', kind = '', digits = ''] = /^([<>|=]?)([a-zA-Z?])(\d*)(?:\[.*\])?$/.exec(text) ?? [];
  if (all === undefined) return null;
  const bytes = Number(digits === '' ? '0' : digits);
  if (!Number.isSafeInteger(bytes)) return null;
  const bigEndian = order === '>';
  const dtype = NUMBERS.get(`${kind}${digits}`) ?? (kind === '?' ? 'bool' : undefined);
  if (dtype) return { dtype, bytes: kind === '?' ? 1 : bytes, bigEndian };
  return otherType(text, kind, bytes, bigEndian);
}

function otherType(text: string, kind: string, bytes: number, bigEndian: boolean): ElementType | null {
  const without = (missing: string, size = bytes): ElementType => ({ dtype: 'undefined', bytes: size, bigEndian, missing });
  switch (kind) {
    case 'O':
      return { ...without('Its elements are Python objects in a pickle, which is never executed here.', 0), pickle: true };
    case 'S':
    case 'a':
    case 'U': {
      const size = kind === 'U' ? 4 * bytes : bytes;
      return { dtype: 'string', bytes: size, bigEndian, missing: `Its elements are texts of ${bytes} characters (${text}), not numbers.` };
    }
    case 'M':
    case 'm':
      return bytes === 8
        ? { dtype: 'int64', bytes, bigEndian, note: `holds ${kind === 'M' ? 'dates' : 'times'} (${text}), shown as whole numbers` }
        : null;
    case 'V':
      // NumPy knows no bfloat16: ml_dtypes' arrays are saved as raw bytes of that size, and so are its float8 types.
      if (bytes === 2)
        return { dtype: 'bfloat16', bytes, bigEndian, note: `is saved as raw bytes (${text}), as NumPy saves bfloat16; read as that` };
      if (bytes === 1)
        return {
          dtype: 'uint8',
          bytes,
          bigEndian,
          note: `is saved as raw bytes (${text}), as NumPy saves float8 types; shown as their codes`,
        };
      return without(`Its elements are raw bytes (${text}), which mean no numbers that are known.`);
    case 'f':
      if ((bytes === 16 || bytes === 12) && !bigEndian) {
        return {
          dtype: 'float64',
          bytes,
          bigEndian,
          codec: `x87:float${8 * bytes}`,
          note: `holds long doubles of x86 (${text}), read as float64`,
        };
      }
      return bytes === 16 ? without(`Its elements are long doubles (${text}) of a machine that is not known.`) : null;
    case 'c':
      return bytes === 32 || bytes === 24 ? without(`Its elements are complex long doubles (${text}), which cannot be read.`) : null;
    default:
      return null;
  }
}
