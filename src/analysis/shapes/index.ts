export * from './infer';
export * from './types';
