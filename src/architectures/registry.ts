import { BOTNET } from './botnet';
import { COATNET } from './coatnet';
import { COATNET_LAYOUT } from './coatnetLayout';
import { CONVNEXT } from './convnext';
import { DEIT } from './deit';
import type { Family } from './family';
import { MAXVIT } from './maxvit';
import { RESNET } from './resnet';
import { STAND_ALONE } from './standAlone';
import { SWIN } from './swin';
import { VIT } from './vit';

/** Every family, by name. */
export const FAMILIES: readonly Family[] = [BOTNET, COATNET, COATNET_LAYOUT, CONVNEXT, DEIT, MAXVIT, RESNET, STAND_ALONE, SWIN, VIT];
