export type * from '../analysis/fold/types';
