/** What `torch/_weights_only_unpickler.py` of PyTorch 2.15 makes of a name: calling it gives an instance of ... */
type Result = string | null;

const DTYPES =
  'bcomplex32 bfloat16 bits16 bits1x8 bits2x4 bits4x2 bits8 bool complex128 complex32 complex64 float16 float32 float4_e2m1fn_x2 float64 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu int1 int16 int2 int3 int32 int4 int5 int6 int64 int7 int8 qint32 qint8 quint2x4 quint4x2 quint8 uint1 uint16 uint2 uint3 uint32 uint4 uint5 uint6 uint64 uint7 uint8';
const QSCHEMES = 'per_channel_affine per_channel_affine_float_qparams per_channel_symmetric per_tensor_affine per_tensor_symmetric';
const STORAGES = 'BFloat16 Bool Byte Char ComplexDouble ComplexFloat Double Float Half Int Long Short';
const QUANTISED_STORAGES = 'QInt32 QInt8 QUInt2x4 QUInt4x2 QUInt8';
const TENSORS = 'BFloat16 Bool Byte Char Double Float Half Int Long Short';
const SPARSE_TENSORS = 'BFloat16 Byte Char Double Float Half Int Long Short';
const REBUILD =
  '_rebuild_device_tensor_from_cpu_tensor _rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage _rebuild_qtensor _rebuild_sparse_tensor _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_wrapper_subclass';

/** All 144 names that it allows (`_get_allowed_globals`), and two that importing PyTorch adds; `null` for what cannot be called. */
export const ALLOWED: ReadonlyMap<string, Result> = new Map<string, Result>([
  ...each('torch', DTYPES, () => null),
  ...each('torch', QSCHEMES, () => null),
  ...each('torch', STORAGES, () => null, 'Storage'),
  ...each('torch', QUANTISED_STORAGES, () => null, 'Storage'),
  ...each('torch.cuda', STORAGES, () => null, 'Storage'),
  ...each('torch', TENSORS, () => 'torch.Tensor', 'Tensor'),
  ...each('torch.cuda', TENSORS, () => 'torch.Tensor', 'Tensor'),
  ...each('torch.sparse', SPARSE_TENSORS, () => 'torch.Tensor', 'Tensor'),
  ...each('torch.cuda.sparse', SPARSE_TENSORS, () => 'torch.Tensor', 'Tensor'),
  ...each('torch._utils', REBUILD, () => 'torch.Tensor'),
  ...each('torch._utils', '_rebuild_parameter _rebuild_parameter_with_state', () => 'torch.nn.parameter.Parameter'),
  ...each('torch.storage', 'TypedStorage UntypedStorage', (name) => name),
  ...each('torch', 'Size Tensor device', (name) => name),
  ...each('collections', 'OrderedDict Counter', (name) => name),
  ...each('builtins', 'bytearray set complex', (name) => name),
  ['torch.nn.parameter.Parameter', 'torch.nn.parameter.Parameter'],
  ['torch.serialization._get_layout', 'torch.layout'],
  ['torch._tensor._rebuild_from_type_v2', 'torch.Tensor'],
  ['_codecs.encode', 'bytes'],
  ...each('torch.distributed._mesh_layout', '_FlatLayout _MeshLayout', (name) => name),
]);

/** Modules that no allow-list opens. */
export const BLOCKED: ReadonlySet<string> = new Set(['sys', 'os', 'posix', 'nt']);

/** Names that become allowed when `torch.distributed.tensor` is imported. */
export const DISTRIBUTED: ReadonlySet<string> = new Set([
  'torch.distributed.device_mesh.DeviceMesh',
  'torch.distributed.tensor._dtensor_spec.DTensorSpec',
  'torch.distributed.tensor._dtensor_spec.TensorMeta',
  'torch.distributed.tensor.DTensor',
  'torch.distributed.tensor.placement_types.Partial',
  'torch.distributed.tensor.placement_types.Replicate',
  'torch.distributed.tensor.placement_types.Shard',
]);

const RENAMED_MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['Queue', 'queue'],
  ['repr', 'reprlib'],
  ['_abcoll', 'collections.abc'],
  ['UserDict', 'collections'],
  ['UserList', 'collections'],
  ['UserString', 'collections'],
  ['whichdb', 'dbm'],
  ['StringIO', 'io'],
  ['cStringIO', 'io'],
]);

const RENAMED: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['__builtin__.xrange', ['builtins', 'range']],
  ['__builtin__.reduce', ['functools', 'reduce']],
  ['__builtin__.intern', ['sys', 'intern']],
  ['__builtin__.unichr', ['builtins', 'chr']],
  ['__builtin__.unicode', ['builtins', 'str']],
  ['__builtin__.long', ['builtins', 'int']],
  ['__builtin__.basestring', ['builtins', 'str']],
  ['itertools.izip', ['builtins', 'zip']],
  ['itertools.imap', ['builtins', 'map']],
  ['itertools.ifilter', ['builtins', 'filter']],
  ['itertools.ifilterfalse', ['itertools', 'filterfalse']],
  ['itertools.izip_longest', ['itertools', 'zip_longest']],
  ['UserDict.IterableUserDict', ['collections', 'UserDict']],
  ['UserDict.UserDict', ['collections', 'UserDict']],
  ['UserList.UserList', ['collections', 'UserList']],
  ['UserString.UserString', ['collections', 'UserString']],
  ['exceptions.StandardError', ['builtins', 'Exception']],
]);

/** The restricted loader's own, shorter table of names of Python 2 (`torch/_utils.py`). */
export function renamed(module: string, name: string): readonly [string, string] {
  return RENAMED.get(`${module}.${name}`) ?? [RENAMED_MODULES.get(module) ?? module, name];
}

function each(module: string, names: string, result: (path: string) => Result, ending = ''): readonly (readonly [string, Result])[] {
  return names.split(' ').map((name) => {
    const path = `${module}.${name}${ending}`;
    return [path, result(path)] as const;
  });
}
