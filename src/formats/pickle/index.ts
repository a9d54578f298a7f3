export { Imports, type Note, type NotedCall } from './imports';
export { integerOf, itemsOf, numberOf } from './natives';
export { OP, opcodeName } from './opcodes';
export { printed } from './print';
export { python3Name } from './pythonNames';
export { type PickleOptions, type Unpickled, unpickle } from './run';
export { judge, type PickleTrust, verdictOf, worse } from './trust';
export * from './values';
export type { Watcher } from './watcher';
