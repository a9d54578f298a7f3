import type { DType } from '../../model';
import type { DatasetMetadata } from './library';

/** How a dataset's elements are read, or why they are not; the library gives them in this machine's byte order. */
export type ElementType = { readonly dtype: DType } | { readonly dtype: 'string' | 'undefined'; readonly missing: string };

/** `H5T_class_t`, as far as it matters. */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const BITFIELD = 4;
const OPAQUE = 5;
const COMPOUND = 6;
const ENUM = 8;
const COMPLEX = 11;
const NAMES: ReadonlyMap<number, string> = new Map([
  [2, 'times'],
  [OPAQUE, 'raw bytes'],
  [COMPOUND, 'structures'],
  [7, 'references'],
  [9, 'lists of different lengths'],
  [10, 'arrays'],
]);

const FLOATS: ReadonlyMap<number, DType> = new Map([
  [2, 'float16'],
  [4, 'float32'],
  [8, 'float64'],
]);
const COMPLEX_NUMBERS: ReadonlyMap<number, DType> = new Map([
  [4, 'complex32'],
  [8, 'complex64'],
  [16, 'complex128'],
]);
/** Types that HDF5 does not know, which Keras saves as raw bytes and names in an attribute. */
const NAMED: ReadonlyMap<string, DType> = new Map([
  ['bfloat16', 'bfloat16'],
  ['float8_e4m3fn', 'float8e4m3fn'],
  ['float8_e5m2', 'float8e5m2'],
]);

/** The type of a dataset's elements; `named` is what its attribute `dtype` says. */
export function typeOf(metadata: DatasetMetadata, named: unknown): ElementType {
  const { type, size, signed, vlen, compound_type: compound, enum_type: choices } = metadata;
  const known = typeof named === 'string' ? NAMED.get(named) : undefined;
  if (known !== undefined && type === OPAQUE && size === (known === 'bfloat16' ? 2 : 1)) return { dtype: known };
  if (vlen && type !== STRING) return { dtype: 'undefined', missing: 'Its elements are lists of different lengths, which cannot be read.' };
  switch (type) {
    case INTEGER:
    case BITFIELD: {
      const dtype = integer(size, signed && type === INTEGER);
      if (dtype) return { dtype };
      break;
    }
    case FLOAT: {
      const dtype = FLOATS.get(size);
      if (dtype) return { dtype };
      break;
    }
    case COMPLEX: {
      const dtype = COMPLEX_NUMBERS.get(size);
      if (dtype) return { dtype };
      break;
    }
    case ENUM: {
      // NumPy's truth values are saved as a choice of FALSE and TRUE.
      if (size === 1 && choices && Object.keys(choices.members).sort().join() === 'FALSE,TRUE') return { dtype: 'bool' };
      const dtype = integer(size, signed);
      if (dtype) return { dtype };
      break;
    }
    case COMPOUND: {
      const dtype = compound && complex(compound.members, size);
      if (dtype) return { dtype };
      break;
    }
    case STRING:
      return { dtype: 'string', missing: 'Its elements are texts, not numbers.' };
  }
  return { dtype: 'undefined', missing: `Its elements are ${NAMES.get(type) ?? 'of a type'} of ${size} bytes, which cannot be read here.` };
}

function integer(bytes: number, signed: boolean): DType | undefined {
  const sizes: ReadonlyMap<number, readonly [DType, DType]> = new Map([
    [1, ['uint8', 'int8']],
    [2, ['uint16', 'int16']],
    [4, ['uint32', 'int32']],
    [8, ['uint64', 'int64']],
  ]);
  return sizes.get(bytes)?.[signed ? 1 : 0];
}

/** NumPy's complex numbers are structures of `r` and `i`. */
function complex(
  members: readonly (DatasetMetadata & { readonly name: string; readonly offset: number })[],
  size: number,
): DType | undefined {
  const [real, imaginary] = members;
  if (members.length !== 2 || real?.name !== 'r' || imaginary?.name !== 'i' || real.type !== FLOAT || imaginary.type !== FLOAT)
    return undefined;
  if (real.offset !== 0 || imaginary.offset !== real.size || imaginary.size !== real.size) return undefined;
  return COMPLEX_NUMBERS.get(size);
}
