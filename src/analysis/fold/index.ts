export { type Fold, type FoldSource, foldModel } from './fold';
export type * from './types';
