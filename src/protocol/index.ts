export type * from '../analysis/profile';
export { BUDGETS, budgetOf, CATEGORIES } from '../analysis/profile';
export { placeOf, windowAt } from '../attention/places';
export type * from './engineApi';
export type * from './graphView';
export type * from './inference';
export type * from './latency';
export * from './rpc';
export type * from './views';
