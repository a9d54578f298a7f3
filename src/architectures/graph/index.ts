export * from './builder';
export * from './fill';
export * from './weights';
