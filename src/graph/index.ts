export type { Lists } from './lists';
export { type Wiring, wiringOf } from './wiring';
