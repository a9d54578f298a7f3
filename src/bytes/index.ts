export * from './buffer';
export * from './errors';
export * from './limits';
export * from './source';
