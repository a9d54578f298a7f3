export * from './cost';
export * from './types';
