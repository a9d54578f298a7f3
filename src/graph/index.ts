export type { Lists } from './lists';
export { isSound } from './sound';
export { type Wiring, wiringOf } from './wiring';
