import { FUNCTION, type Layer, OWN } from '../layers';

/** Classes of `torch.nn` by the tail of their path, as tools list them. */
function nn(module: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `torch.nn.modules.${module}.${name}`);
}

/** Exact classes that tools hook; classes derived from them are others. */
export const CLASSES = {
  convolution: nn('conv', 'Conv1d', 'Conv2d', 'Conv3d', 'ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'),
  linear: nn('linear', 'Linear'),
  batchNorm: nn('batchnorm', 'BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d'),
  syncBatchNorm: nn('batchnorm', 'SyncBatchNorm'),
  layerNorm: nn('normalization', 'LayerNorm'),
  groupNorm: nn('normalization', 'GroupNorm'),
  instanceNorm: nn('instancenorm', 'InstanceNorm1d', 'InstanceNorm2d', 'InstanceNorm3d'),
  softmax: nn('activation', 'Softmax'),
  relu: nn('activation', 'ReLU'),
  relu6: nn('activation', 'ReLU6'),
  prelu: nn('activation', 'PReLU'),
  elu: nn('activation', 'ELU'),
  leakyRelu: nn('activation', 'LeakyReLU'),
  gelu: nn('activation', 'GELU'),
  averagePool: nn('pooling', 'AvgPool1d', 'AvgPool2d', 'AvgPool3d'),
  maxPool: nn('pooling', 'MaxPool1d', 'MaxPool2d', 'MaxPool3d'),
  averageAll: nn('pooling', 'AdaptiveAvgPool1d', 'AdaptiveAvgPool2d', 'AdaptiveAvgPool3d'),
  maxAll: nn('pooling', 'AdaptiveMaxPool1d', 'AdaptiveMaxPool2d', 'AdaptiveMaxPool3d'),
  upsample: nn('upsampling', 'Upsample', 'UpsamplingBilinear2d', 'UpsamplingNearest2d'),
  recurrent: nn('rnn', 'RNN', 'GRU', 'LSTM'),
  embedding: nn('sparse', 'Embedding'),
} as const;

/**
 * True where a module of one of these very classes made the call. Where the
 * file does not say, layers are taken for `torch.nn`'s own, and `unsaid` says
 * what is taken of calls that are as often functions.
 */
export function isOf({ module }: Layer, classes: readonly string[], unsaid = true): boolean {
  if (module === FUNCTION) return false;
  if (module === OWN) return true;
  return module === '' ? unsaid : classes.includes(module);
}
