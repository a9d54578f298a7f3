export * from './lists';
export * from './own';
