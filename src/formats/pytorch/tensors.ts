import { elementCount, type Quantization, type Tensor, type TensorStorage } from '../../model';
import { integerOf, itemsOf, numberOf, PyBytes, PyDict, PyGlobal, PyList, PyObject, PyPersistent, type PyValue } from '../pickle';
import { type TorchType, torchType } from './dtypes';
import { extents, isContiguous } from './extents';
import type { Found, FoundParts } from './found';
import { numpyTensor } from './numpyArrays';
import { type NestedStorage, type Places, type StoragePlace, type StorageReference, storageOf } from './storages';

const NOT_THERE = 'The file keeps the shape and type of this tensor, and no values (it was on the meta device).';

/** Reads calls that rebuild tensors (`torch/_utils.py`). */
export class TensorReader {
  /** A tensor may stand at many places of a file, and is then the same object. */
  private readonly known = new Map<PyObject, Found | FoundParts | null>();

  constructor(private readonly places: Places) {}

  /** The tensor that a value is; `null` for any other value. */
  read(value: PyValue): Found | FoundParts | null {
    if (value instanceof PyPersistent) {
      const storage = storageOf(value);
      return storage ? this.view(storage, storage.type, 0, [storage.elements], [1]) : null;
    }
    if (!(value instanceof PyObject)) return null;
    const known = this.known.get(value);
    if (known !== undefined) return known;
    // A parameter whose data is itself would never end.
    this.known.set(value, null);
    const found = this.rebuilt(value);
    this.known.set(value, found);
    return found;
  }

  private rebuilt(object: PyObject): Found | FoundParts | null {
    const { args, type } = object;
    switch (type.startsWith('torch.') ? type.slice(type.lastIndexOf('.') + 1) : '') {
      case '_rebuild_tensor':
      case '_rebuild_tensor_v2':
      case '_rebuild_tensor_v3':
        return this.plain(args);
      case '_rebuild_qtensor':
        return this.quantised(args);
      case '_rebuild_parameter':
      case '_rebuild_parameter_with_state':
      case 'Parameter':
      case 'Buffer':
        return this.parameter(object);
      case '_rebuild_from_type':
      case '_rebuild_from_type_v2':
        return this.ofType(object);
      case '_rebuild_sparse_tensor':
        return sparse(args);
      case '_rebuild_sparse_csr_tensor':
        return sparse(args);
      case '_rebuild_nested_tensor':
        return { parts: named(args, ['buffer', 'sizes', 'strides', 'offsets']), what: 'a nested tensor' };
      case '_rebuild_meta_tensor_no_storage':
        return this.missing(args[0], args[1], NOT_THERE);
      case '_rebuild_device_tensor_from_cpu_tensor':
      case '_rebuild_device_tensor_from_numpy':
      case '_rebuild_xla_tensor':
        return args[0] === undefined ? null : this.read(args[0]);
      case 'TypedStorage':
      case '_TypedStorage':
        return null;
      default:
        return /(?:^torch\.|\.)[A-Z]\w*Tensor$/.test(type) && object.made === 'new'
          ? this.legacy(object)
          : numpyTensor(object, this.places);
    }
  }

  private plain([storage, offset, size, stride, gradient, , seventh, eighth]: readonly PyValue[]): Found | null {
    const inner = this.nested(storage);
    const reference = inner?.reference ?? storageOf(storage);
    const shape = extents(size);
    const strides = extents(stride);
    const start = integerOf(offset);
    if (!reference || !shape || !strides || start === null) return null;
    const named = seventh instanceof PyGlobal ? torchType(seventh.name) : null;
    const found = this.view(reference, named ?? reference.type, start, shape, strides, inner?.place);
    const bits = [seventh, eighth].map((value) => bitsOfMetadata(value)).find((note) => note !== undefined);
    const noted = bits === undefined ? found : { ...found, note: bits };
    return gradient === true ? { ...noted, tensor: { ...noted.tensor, role: 'parameter', trainable: true } } : noted;
  }

  /** A view of a storage, held against the storage's length. */
  private view(
    storage: StorageReference,
    type: TorchType,
    offset: number,
    extentsOf: readonly number[],
    strides: readonly number[],
    place: StoragePlace = this.places.storage(storage),
  ): Found {
    // In elements of the tensor's type, which need not be the storage's.
    const held = Math.floor(storage.length / type.bytes);
    const elements = elementCount(extentsOf);
    const span = elements === 0 ? 0 : 1 + extentsOf.reduce((sum, extent, axis) => sum + (extent - 1) * (strides[axis] ?? 0), 0);
    const shape = type.packed === 1 ? extentsOf : packedShape(extentsOf, type);
    const dtype = type.dtype;
    const missing = (reason: string): Found => ({ tensor: { dtype, shape, storage: { kind: 'missing', reason } }, shares: null });
    if ('missing' in place) return missing(place.missing);
    if (strides.length !== extentsOf.length || elements === null || !Number.isSafeInteger(span) || offset + span > held) {
      return missing(`The file is damaged: a view of ${span} elements from ${offset} on passes the end of its storage, which has ${held}.`);
    }
    const from = storage.start + offset * type.bytes;
    const shares = span === 0 ? null : { key: storage.key, from, to: from + span * type.bytes };
    const { bigEndian, ...range } = place;
    const order = bigEndian ? { bigEndian } : {};
    const start = range.offset + from;
    if (isContiguous(extentsOf, strides) && Number.isInteger(start)) {
      const length = Math.ceil(elements * type.bytes);
      return { tensor: { dtype, shape, storage: { kind: 'bytes', ...range, ...order, offset: start, length } }, shares };
    }
    if (type.packed !== 1) return missing('This view of packed elements cannot be read.');
    const length = Math.ceil(held * type.bytes);
    const viewed = {
      kind: 'strided',
      ...range,
      ...order,
      offset: range.offset + storage.start,
      length,
      start: offset,
      strides,
    } as const;
    return { tensor: { dtype, shape, storage: viewed }, shares };
  }

  /** A storage that is pickled as a file of its own; in a typed one of 2.0 and later it is an untyped one with a type. */
  private nested(value: PyValue | undefined): NestedStorage | null {
    if (!(value instanceof PyObject)) return null;
    const [first] = value.args;
    if (value.type === 'torch.storage._load_from_bytes') return first instanceof PyBytes ? (this.places.nested?.(first) ?? null) : null;
    return null;
  }

  private quantised([storage, offset, size, stride, scheme]: readonly PyValue[]): Found | null {
    const found = this.plain([storage ?? null, offset ?? null, size ?? null, stride ?? null]);
    const [kind, first, second, axis] = itemsOf(scheme) ?? [];
    if (!found || !(kind instanceof PyGlobal)) return found;
    const quantization = kind.name.startsWith('per_tensor') ? perTensor(first, second) : this.perChannel(first, second, axis);
    return quantization ? { ...found, tensor: { ...found.tensor, quantization } } : found;
  }

  private perChannel(scales: PyValue | undefined, zeroPoints: PyValue | undefined, axis: PyValue | undefined): Quantization | null {
    const scale = this.numbers('scales', scales);
    const zero = this.numbers('zero_points', zeroPoints);
    const along = integerOf(axis);
    return scale && zero && along !== null ? { per: 'channel', axis: along, scales: scale, zeroPoints: zero } : null;
  }

  /** A tensor, or a list of numbers as one. */
  private numbers(name: string, value: PyValue | undefined): Tensor | null {
    if (value instanceof PyList) {
      const data = Float64Array.from(value.items, (item) => numberOf(item) ?? Number.NaN);
      return { name, dtype: 'float64', shape: [data.length], storage: { kind: 'inline', data: new Uint8Array(data.buffer) } };
    }
    const found = value === undefined ? null : this.read(value);
    return found && 'tensor' in found ? { name, ...found.tensor } : null;
  }

  private parameter({ args, state, made, type }: PyObject): Found | FoundParts | null {
    // Before 0.4 a parameter was made empty and given (data, requires_grad, hooks) or the like as its state.
    const [data, gradient] = made === 'new' && args.length === 0 ? (itemsOf(state) ?? []) : args;
    const found = data === undefined ? null : this.read(data);
    if (!found || 'parts' in found) return found;
    const role = type.endsWith('Buffer') ? 'buffer' : 'parameter';
    const trained = role === 'buffer' ? {} : { trainable: gradient !== false };
    return { ...found, tensor: { ...found.tensor, role, ...trained } };
  }

  /** `(function, class, arguments, state)`: a tensor with attributes or of a subclass. */
  private ofType({ args }: PyObject): Found | FoundParts | null {
    const [callee, type, inner] = args;
    if (!(callee instanceof PyGlobal)) return null;
    if (callee.name === '_rebuild_wrapper_subclass') return null;
    const found = this.read(new PyObject(callee, itemsOf(inner) ?? [], 'called', 0));
    const parameter = type instanceof PyGlobal && type.path === 'torch.nn.parameter.Parameter';
    if (!found || 'parts' in found || !parameter) return found;
    return { ...found, tensor: { ...found.tensor, role: 'parameter', trainable: found.tensor.trainable ?? true } };
  }

  /** A tensor of before 0.2: made empty, then given (storage, offset, size, stride). */
  private legacy({ state }: PyObject): Found | null {
    return this.plain(itemsOf(state) ?? []);
  }

  private missing(type: PyValue | undefined, size: PyValue | undefined, reason: string): Found | null {
    const shape = extents(size);
    const found = type instanceof PyGlobal ? torchType(type.name) : null;
    if (!shape || !found) return null;
    const storage: TensorStorage = { kind: 'missing', reason };
    return { tensor: { dtype: found.dtype, shape: packedShape(shape, found), storage }, shares: null };
  }
}

function packedShape(shape: readonly number[], { packed }: TorchType): readonly number[] {
  if (packed === 1) return shape;
  return shape.length === 0 ? [packed] : shape.map((extent, axis) => (axis === shape.length - 1 ? extent * packed : extent));
}

function perTensor(scale: PyValue | undefined, zeroPoint: PyValue | undefined): Quantization | null {
  const factor = numberOf(scale);
  const zero = numberOf(zeroPoint);
  return factor === null || zero === null ? null : { per: 'tensor', scale: factor, zeroPoint: zero };
}

/** `(layout, (indices, values, size[, coalesced]))`, or compressed rows or columns with two of indices. */
function sparse([layout, data]: readonly PyValue[]): FoundParts | null {
  const items = itemsOf(data);
  if (!items) return null;
  const kind = layoutName(layout);
  const coo = kind === 'sparse_coo' || kind === '';
  const shape = extents(items[coo ? 2 : 3]);
  if (!shape) return null;
  const column = kind === 'sparse_csc' || kind === 'sparse_bsc';
  const names = coo
    ? ['indices', 'values']
    : column
      ? ['ccol_indices', 'row_indices', 'values']
      : ['crow_indices', 'col_indices', 'values'];
  return { parts: named(items, names), what: `a ${kind === '' ? 'sparse' : kind} tensor of shape [${shape.join(', ')}]` };
}

function layoutName(layout: PyValue | undefined): string {
  if (layout instanceof PyGlobal) return layout.name;
  const [name] = layout instanceof PyObject ? layout.args : [];
  return typeof name === 'string' ? name.replace(/^torch\./, '') : '';
}

function named(values: readonly PyValue[], names: readonly string[]): readonly (readonly [string, PyValue])[] {
  return names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]] as const]));
}

/** Bits that make the values other than they are stored (`torch._C._get_tensor_metadata`). */
function bitsOfMetadata(value: PyValue | undefined): string | undefined {
  if (!(value instanceof PyDict)) return undefined;
  const set = [...value.entries].filter(([, on]) => on === true).map(([name]) => String(name));
  return set.length === 0 ? undefined : `its values are those stored with the bit ${set.join(' and ')} set, which is not applied here`;
}
