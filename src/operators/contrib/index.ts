import type { Operator } from '../rule';
import { CONTRIB_ATTENTION } from './attention';
import { CONTRIB_CONVOLUTION } from './convolution';
import { CONTRIB_ELEMENTWISE } from './elementwise';
import { CONTRIB_EXPERTS } from './experts';
import { CONTRIB_GENERATION } from './generation';
import { CONTRIB_HEADS } from './heads';
import { CONTRIB_MATRIX } from './matrix';
import { CONTRIB_NORMALIZATION } from './normalization';
import { CONTRIB_POSITIONS } from './positions';

/** ONNX Runtime's own domains (com.microsoft, its NHWC and blocked layouts): one line per family, sorted by name. */
export const CONTRIB: readonly Operator[] = [
  CONTRIB_ATTENTION,
  CONTRIB_CONVOLUTION,
  CONTRIB_ELEMENTWISE,
  CONTRIB_EXPERTS,
  CONTRIB_GENERATION,
  CONTRIB_HEADS,
  CONTRIB_MATRIX,
  CONTRIB_NORMALIZATION,
  CONTRIB_POSITIONS,
].flat();
