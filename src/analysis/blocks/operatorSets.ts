/** Rearranges elements and computes nothing. */
export const MOVEMENT: ReadonlySet<string> = new Set([
  'Reshape',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Expand',
  'Slice',
  'Split',
  'SplitToSequence',
  'SequenceAt',
  'Gather',
  'GatherElements',
  'GatherND',
  'Concat',
  'Pad',
  'Tile',
  'Cast',
  'CastLike',
  'DepthToSpace',
  'SpaceToDepth',
  'ScatterND',
  'ScatterElements',
  'Dropout',
  'QuantizeLinear',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
  'ReverseSequence',
  'Compress',
  'Im2Col',
  'Trilu',
  'Shape',
  'Size',
  'Constant',
  'ConstantOfShape',
  'Range',
  'NonZero',
  'Where',
  'EyeLike',
  'OneHot',
  'ReorderInput',
  'ReorderOutput',
  'BitCast',
]);

/** Passes its first input on unchanged but for layout or precision. */
export const TRANSPARENT: ReadonlySet<string> = new Set([
  'Reshape',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Cast',
  'CastLike',
  'Dropout',
  'QuantizeLinear',
  'DequantizeLinear',
  'ReorderInput',
  'ReorderOutput',
]);

/** Operators that bring channels, features or groups to one scale. */
export const NORMALIZATION: ReadonlySet<string> = new Set([
  'BatchNormalization',
  'LayerNormalization',
  'InstanceNormalization',
  'GroupNormalization',
  'GroupNorm',
  'SkipGroupNorm',
  'RMSNormalization',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
  'EmbedLayerNormalization',
  'LpNormalization',
  'LRN',
  'MeanVarianceNormalization',
]);

/** Operators that bend each element by itself, as layers are followed by. */
export const ACTIVATION: ReadonlySet<string> = new Set([
  'Relu',
  'LeakyRelu',
  'PRelu',
  'Elu',
  'Selu',
  'Celu',
  'Gelu',
  'FastGelu',
  'QuickGelu',
  'BiasGelu',
  'BiasSplitGelu',
  'Sigmoid',
  'QLinearSigmoid',
  'QLinearLeakyRelu',
  'HardSigmoid',
  'HardSwish',
  'Swish',
  'Mish',
  'Softplus',
  'Softsign',
  'ThresholdedRelu',
  'Tanh',
  'Erf',
  'Clip',
  'Softmax',
  'LogSoftmax',
  'QLinearSoftmax',
  'Hardmax',
  'Shrink',
]);

/** Operators that keep one number of each window. */
export const POOLING: ReadonlySet<string> = new Set([
  'MaxPool',
  'AveragePool',
  'LpPool',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'GlobalLpPool',
  'QLinearAveragePool',
  'QLinearGlobalAveragePool',
  'NhwcMaxPool',
  'MaxRoiPool',
  'RoiAlign',
  'MaxUnpool',
]);

/** Those of them whose window is the whole map. */
export const GLOBAL_POOLING: ReadonlySet<string> = new Set([
  'GlobalAveragePool',
  'GlobalMaxPool',
  'GlobalLpPool',
  'QLinearGlobalAveragePool',
]);

/** Recurrent layers that are one operator. */
export const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'RNN', 'DynamicQuantizeLSTM', 'AttnLSTM']);

/** Operators with a kernel that slides over positions. */
export const CONVOLUTION: ReadonlySet<string> = new Set([
  'Conv',
  'ConvTranspose',
  'ConvInteger',
  'QLinearConv',
  'FusedConv',
  'NhwcConv',
  'NhwcFusedConv',
  'DeformConv',
  'ConvTransposeWithDynamicPads',
  'QLinearConvTranspose',
]);

/** Operators that sum products of two tensors over shared axes. */
export const PRODUCT: ReadonlySet<string> = new Set([
  'MatMul',
  'Gemm',
  'Einsum',
  'FusedMatMul',
  'FusedGemm',
  'GemmFloat8',
  'GemmFastGelu',
  'MatMulInteger',
  'MatMulIntegerToFloat',
  'DynamicQuantizeMatMul',
  'QLinearMatMul',
  'QGemm',
  'MatMulNBits',
  'MatMulFpQ4',
  'MatMulBnb4',
  'TransposeMatMul',
]);

/** One result per pair of elements, broadcasting. */
export const BINARY: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'Max',
  'Min',
  'QLinearAdd',
  'QLinearMul',
  'BiasAdd',
]);

/** Fused operators that compute an attention, by operator name. */
export const FUSED_ATTENTION: ReadonlySet<string> = new Set([
  'Attention',
  'QAttention',
  'MultiHeadAttention',
  'GroupQueryAttention',
  'PackedAttention',
  'PackedMultiHeadAttention',
  'DecoderMaskedSelfAttention',
  'DecoderMaskedMultiHeadAttention',
  'DecoderAttention',
  'SparseAttention',
  'PagedAttention',
  'LongformerAttention',
  'LinearAttention',
  'QOrderedAttention',
]);
