import type { Block, Category } from '../profile';
import type { AttentionCore } from './attentionCore';

/** Structure found in a model. Node ids are instance ids (`instanceId`), so that each call of a function has its own. */
export interface BlockResult {
  /** Outermost blocks in topological order. */
  readonly blocks: readonly Block[];
  /** Of every node of every scope. */
  readonly categoryOf: ReadonlyMap<string, Category>;
  /** Id of the innermost block that holds a node; nodes outside every block are absent. */
  readonly blockOf: ReadonlyMap<string, string>;
  /** In topological order, one per block of kind `attention`. */
  readonly attention: readonly AttentionCore[];
}
