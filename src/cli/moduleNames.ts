import type { ModuleKind } from '../protocol';

/** Kinds of modules as people read them. */
export const KIND_NAMES: Readonly<Record<ModuleKind, string>> = {
  convolution: 'convolution',
  depthwise: 'depthwise',
  attention: 'attention',
  feedForward: 'feed-forward',
  gate: 'gate',
  normalization: 'normalization',
  embedding: 'embedding',
  position: 'position',
  classifier: 'classifier',
  lora: 'LoRA',
  adapter: 'adapter',
  optimizer: 'optimizer state',
  ema: 'EMA copy',
  container: '',
  other: 'other',
};
