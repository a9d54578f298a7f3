export * from './builder';
export * from './fill';
