import { DEIT } from './deit';
import type { Family } from './family';
import { RESNET } from './resnet';
import { VIT } from './vit';

/** Every family, by name. */
export const FAMILIES: readonly Family[] = [DEIT, RESNET, VIT];
