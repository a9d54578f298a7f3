import type { Block, Category } from '../profile';
import type { ScopeShapes } from '../shapes/types';
import type { AttentionCore } from './attentionCore';

/** What the nodes of one scope are part of, by node number. */
export interface NodePlaces {
  readonly categories: readonly Category[];
  /** Id of the innermost block that holds a node; `undefined` for one outside every block. */
  readonly blocks: readonly (string | undefined)[];
}

/** Structure found in a model. Node ids are instance ids (`instanceId`), so that each call of a function has its own. */
export interface BlockResult {
  /** Outermost blocks in topological order. */
  readonly blocks: readonly Block[];
  /** Of every scope. */
  readonly places: ReadonlyMap<ScopeShapes, NodePlaces>;
  /** Node numbers in a block of its own scope, ascending. */
  readonly numbers: ReadonlyMap<Block, Int32Array>;
  /** In topological order, one per block of kind `attention`. */
  readonly attention: readonly AttentionCore[];
}
