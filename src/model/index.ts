export * from './artifact';
export * from './bodies';
export * from './dims';
export * from './dtype';
export * from './graph';
export * from './model';
export * from './tensor';
export * from './value';
