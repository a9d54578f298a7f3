import type { AttentionPart, Budget, ModuleKind, ModuleRow } from '../../src/protocol';
import { BUDGETS, budgetOfKind } from '../../src/protocol';
import { t } from './strings';

const KINDS: Readonly<Record<ModuleKind, string>> = {
  convolution: 'convolution',
  depthwise: 'depthwise convolution',
  attention: 'attention',
  feedForward: 'feed-forward',
  gate: 'gate',
  normalization: 'normalisation',
  embedding: 'embedding',
  position: 'position',
  classifier: 'classifier',
  lora: 'LoRA pair',
  adapter: 'adapter',
  optimizer: 'optimizer state',
  ema: 'averaged copy',
  container: '',
  other: '',
};

const PARTS: Readonly<Record<AttentionPart, string>> = {
  q: 'query',
  k: 'key',
  v: 'value',
  qk: 'query and key',
  kv: 'key and value',
  qkv: 'query, key, value',
  out: 'output',
  other: '',
};

/** `attention, query`, `convolution`; `''` for what cannot be told. */
export function kindText({ kind, part }: { readonly kind: ModuleKind; readonly part: AttentionPart | null }): string {
  const name = KINDS[kind];
  const detail = part === null ? '' : PARTS[part];
  return detail === '' ? name : t.partOf(name, detail);
}

/** The budget whose colour a module has: its kind's, for a container what most of it is. */
export function budgetOfModule({ kind, split }: Pick<ModuleRow, 'kind' | 'split'>): Budget {
  if (kind !== 'container') return budgetOfKind(kind);
  const size = (budget: Budget) => Number(split[budget].parameters);
  return [...BUDGETS].sort((a, b) => size(b) - size(a))[0] ?? 'other';
}
