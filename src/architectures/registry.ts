import type { Family } from './family';
import { RESNET } from './resnet';

/** Every family, by name. */
export const FAMILIES: readonly Family[] = [RESNET];
