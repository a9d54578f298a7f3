export { bodiesOf } from './bodies';
export type { Lists } from './lists';
export { type Wiring, wiringOf } from './wiring';
