export { hold, release } from '../runtime/leftovers';
