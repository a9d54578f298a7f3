import type { Operator } from '../rule';
import { ACTIVATIONS } from './activation';
import { ATTENTION } from './attention';
import { CASTS } from './cast';
import { CONSTANTS } from './constant';
import { CONTROL_FLOW } from './controlFlow';
import { CONVOLUTIONS } from './conv';
import { DETECTION } from './detection';
import { EINSUM } from './einsum';
import { ELEMENTWISE } from './elementwise';
import { GATHERS } from './gather';
import { IMAGES } from './image';
import { JOINS } from './join';
import { LAYOUT } from './layout';
import { LEGACY } from './legacy';
import { LOSSES } from './loss';
import { MATRIX_PRODUCTS } from './matmul';
import { NORMALIZATIONS } from './normalization';
import { POOLING } from './pooling';
import { QUANTIZATION } from './quantization';
import { RECURRENT } from './recurrent';
import { REDUCTION } from './reduction';
import { RESHAPES } from './reshape';
import { RESIZING } from './resize';
import { SEQUENCES } from './sequence';
import { SIGNAL } from './signal';
import { SLICES } from './slice';
import { TEXT } from './text';
import { TRAINING } from './training';

/** Every operator of ai.onnx, ai.onnx.preview.training included: one line per family, sorted by name. */
export const ONNX: readonly Operator[] = [
  ACTIVATIONS,
  ATTENTION,
  CASTS,
  CONSTANTS,
  CONTROL_FLOW,
  CONVOLUTIONS,
  DETECTION,
  EINSUM,
  ELEMENTWISE,
  GATHERS,
  IMAGES,
  JOINS,
  LAYOUT,
  LEGACY,
  LOSSES,
  MATRIX_PRODUCTS,
  NORMALIZATIONS,
  POOLING,
  QUANTIZATION,
  RECURRENT,
  REDUCTION,
  RESHAPES,
  RESIZING,
  SEQUENCES,
  SIGNAL,
  SLICES,
  TEXT,
  TRAINING,
].flat();
