import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { buildStepConvolutions } from '../lightConv/builder';
import { dynamicConvolution } from './network';

/** @throws UserError when heads do not divide the width. */
export function buildDynamicConv(given: Knobs): BuiltModel {
  return buildStepConvolutions('DynamicConv', given, dynamicConvolution);
}
