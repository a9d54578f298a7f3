export * from './diff';
export * from './figures';
export * from './inputSize';
export * from './limits';
export * from './structuralText';
export type * from './types';
