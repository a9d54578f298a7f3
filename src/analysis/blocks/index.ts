export type { AttentionCore, AttentionOver } from './attentionCore';
export { findBlocks } from './findBlocks';
export type { BlockResult } from './types';
