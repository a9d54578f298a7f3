/**
 * What a module or a tensor of a checkpoint is there for. `container` holds modules of several kinds; `other` is what
 * names and shapes do not tell.
 */
export const MODULE_KINDS = [
  'convolution',
  'depthwise',
  'attention',
  'feedForward',
  'gate',
  'normalization',
  'embedding',
  'position',
  'classifier',
  'lora',
  'adapter',
  'optimizer',
  'ema',
  'container',
  'other',
] as const;

/** One of them. */
export type ModuleKind = (typeof MODULE_KINDS)[number];

/** Which of attention's projections a module is; `other` for what else attention multiplies by. */
export type AttentionPart = 'q' | 'k' | 'v' | 'qk' | 'kv' | 'qkv' | 'out' | 'other';

/** The parts of a checkpoint's budget: those of a model's (analysis/profile.ts). */
export const CHECKPOINT_BUDGETS = ['convolution', 'attention', 'feedForward', 'other'] as const;

/** One of them. */
export type CheckpointBudget = (typeof CHECKPOINT_BUDGETS)[number];

/** The budget a kind counts towards. */
export function budgetOfKind(kind: ModuleKind): CheckpointBudget {
  if (kind === 'depthwise') return 'convolution';
  return kind === 'convolution' || kind === 'attention' || kind === 'feedForward' ? kind : 'other';
}
