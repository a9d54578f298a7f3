export * from './fileName';
export * from './json';
export * from './markup';
export * from './message';
export * from './structural';
export * from './table';
export * from './tooltip';
export * from './visible';
