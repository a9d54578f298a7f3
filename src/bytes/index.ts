export * from './errors';
export * from './source';
