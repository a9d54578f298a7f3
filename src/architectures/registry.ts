import { COATNET } from './coatnet';
import { COATNET_LAYOUT } from './coatnetLayout';
import { DEIT } from './deit';
import type { Family } from './family';
import { RESNET } from './resnet';
import { SWIN } from './swin';
import { VIT } from './vit';

/** Every family, by name. */
export const FAMILIES: readonly Family[] = [COATNET, COATNET_LAYOUT, DEIT, RESNET, SWIN, VIT];
