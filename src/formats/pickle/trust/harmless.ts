/** Full names whose import, call and instantiation only make data. */
export const HARMLESS: ReadonlySet<string> = new Set(
  [
    group(
      'builtins',
      'object set frozenset bytearray bytes complex int float bool str list dict tuple slice range NotImplemented Ellipsis',
    ),
    group('collections', 'OrderedDict defaultdict Counter deque'),
    group('_codecs', 'encode'),
    group('copyreg', '_reconstructor __newobj__ __newobj_ex__'),
    group('datetime', 'datetime date time timedelta timezone'),
    group('decimal', 'Decimal'),
    group('fractions', 'Fraction'),
    group('pathlib', 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath'),
    group('pathlib._local', 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath'),
    group('argparse', 'Namespace'),
    group('types', 'SimpleNamespace'),
    group('uuid', 'UUID SafeUUID'),
    group('random', 'Random'),
    group('array', 'array _array_reconstructor'),
    group(
      'numpy',
      'ndarray dtype matrix bool_ bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128 str_ bytes_ longlong intc',
    ),
    group('numpy.core.multiarray', '_reconstruct scalar'),
    group('numpy._core.multiarray', '_reconstruct scalar'),
    group('numpy.core.numeric', '_frombuffer'),
    group('numpy._core.numeric', '_frombuffer'),
    group('numpy.ma.core', 'MaskedArray _mareconstruct'),
    group('numpy.random', 'RandomState Generator'),
    group('numpy.random._pickle', '__randomstate_ctor __generator_ctor __bit_generator_ctor'),
    group('numpy.random.mtrand', 'RandomState'),
    group('numpy.random._mt19937', 'MT19937'),
    group('numpy.random._pcg64', 'PCG64 PCG64DXSM'),
    group('numpy.random._philox', 'Philox'),
    group('numpy.random._sfc64', 'SFC64'),
    group(
      'torch',
      'Size Tensor device dtype Generator memory_format strided sparse_coo sparse_csr contiguous_format preserve_format channels_last',
    ),
    group('torch._tensor', '_rebuild_from_type_v2 _rebuild_from_type Tensor'),
    group('torch.tensor', '_rebuild_from_type_v2 _rebuild_from_type'),
    group(
      'torch._utils',
      '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass _rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor _rebuild_xla_tensor _rebuild_mlc_tensor',
    ),
    group('torch.nn.parameter', 'Parameter Buffer UninitializedParameter UninitializedBuffer'),
    group('torch.serialization', '_get_layout'),
    group('torch.jit._pickle', 'build_boollist build_doublelist build_intlist build_tensorlist build_tensor_from_id restore_type_tag'),
    group('torch.storage', 'TypedStorage UntypedStorage _TypedStorage _UntypedStorage'),
    group('torch.nn.modules.module', '_IncompatibleKeys'),
    group('torch.distributed._shard.metadata', 'ShardMetadata'),
    group(
      'torch.distributed.checkpoint.metadata',
      'Metadata MetadataIndex TensorStorageMetadata BytesStorageMetadata TensorProperties ChunkStorageMetadata StorageMeta _MEM_FORMAT_ENCODING',
    ),
    group('torch.distributed.checkpoint.filesystem', '_StorageInfo _StoragePrefix'),
    group('torch.distributed.tensor', 'DTensor'),
    group('torch.distributed.tensor._dtensor_spec', 'DTensorSpec TensorMeta'),
    group('torch.distributed.tensor.placement_types', 'Partial Replicate Shard'),
    group('torch.distributed.device_mesh', 'DeviceMesh'),
    group('torch.distributed._mesh_layout', '_FlatLayout _MeshLayout'),
  ].flat(),
);

/** Element types and storages of PyTorch, by any of its modules for them. */
export const HARMLESS_TORCH =
  /^torch\.(?:cuda\.|sparse\.|cuda\.sparse\.)?[A-Z]\w*(?:Storage|Tensor)$|^torch\.(?:b?float\d+\w*|b?complex\d+|u?int\d+|bool|half|double|long|q(?:u?int)\w+|bits\d\w*|per_(?:tensor|channel)_\w+)$/;

/** Element types of NumPy 2 as classes of their own. */
export const HARMLESS_NUMPY = /^numpy\.dtypes\.\w+DType$/;

/**
 * Classes of frameworks whose instances a saved model or optimizer is made of. They are classes by their names'
 * spelling: a function of those modules is not meant.
 */
export const HARMLESS_CLASSES =
  /^(?:torch\.nn\.(?:modules|utils\.parametrizations|utils\.parametrize|quantized\.modules|intrinsic\.modules|qat\.modules)|torch\.ao\.nn|torch\.optim|torchvision\.models|torchvision\.ops)(?:\.\w+)*\._?[A-Z]\w*$/;

function group(module: string, names: string): readonly string[] {
  return names.split(' ').map((name) => `${module}.${name}`);
}
