import { AA_MNASNET } from './aaMnasnet';
import { AA_RESNET } from './aaResnet';
import { AA_WIDE_RESNET } from './aaWideResnet';
import { BOTNET } from './botnet';
import { COATNET } from './coatnet';
import { COATNET_LAYOUT } from './coatnetLayout';
import { CONFORMER } from './conformer';
import { CONVNEXT } from './convnext';
import { DEIT } from './deit';
import { DYNAMIC_CONV } from './dynamicConv';
import { EFFICIENTNET } from './efficientnet';
import { ENET_SAD } from './enetSad';
import type { Family } from './family';
import { GATHER_EXCITE } from './gatherExcite';
import { LIGHT_CONV } from './lightConv';
import { MAXVIT } from './maxvit';
import { MNASNET } from './mnasnet';
import { MOBILENET_V2 } from './mobilenetV2';
import { RESNET } from './resnet';
import { SEQUENCE_LAYERS } from './sequenceLayers';
import { SE_RESNET } from './seResnet';
import { STAND_ALONE } from './standAlone';
import { SWIN } from './swin';
import { TRANSFORMER } from './transformer';
import { VIT } from './vit';
import { WIDE_RESNET } from './wideResnet';

/** Every family, by name. */
export const FAMILIES: readonly Family[] = [
  AA_MNASNET,
  AA_RESNET,
  AA_WIDE_RESNET,
  BOTNET,
  COATNET,
  COATNET_LAYOUT,
  CONFORMER,
  CONVNEXT,
  DEIT,
  DYNAMIC_CONV,
  EFFICIENTNET,
  ENET_SAD,
  GATHER_EXCITE,
  LIGHT_CONV,
  MAXVIT,
  MNASNET,
  MOBILENET_V2,
  RESNET,
  SEQUENCE_LAYERS,
  SE_RESNET,
  STAND_ALONE,
  SWIN,
  TRANSFORMER,
  VIT,
  WIDE_RESNET,
];
