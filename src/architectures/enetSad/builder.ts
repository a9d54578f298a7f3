import type { Knobs } from '../family';
import { type BuiltModel, GraphBuilder } from '../graph';
import { KnobReader } from '../knobReader';
import { KNOBS } from './knobs';
import { enetSad } from './network';

/** Sides are halved three times, and once more for the existence of lanes. */
const STEP = 16;

/** @throws UserError when a knob is out of its range or a side is no multiple of 16. */
export function buildEnetSad(given: Knobs): BuiltModel {
  const knobs = new KnobReader('ENet-SAD', KNOBS, given);
  const [height, width] = (['height', 'width'] as const).map((name) => {
    const side = knobs.number(name);
    if (side % STEP !== 0) throw knobs.error(`"${name}" takes a multiple of ${STEP}, not ${side}`);
    return side;
  });
  const b = new GraphBuilder({ name: 'ENet-SAD' });
  const { segmentation, existence, attention } = enetSad(b, b.input('input', ['batch', 3, height ?? STEP, width ?? STEP]), {
    encoders: knobs.number('encoders'),
    shared: knobs.boolean('shared'),
    narrowed: knobs.choice('narrowed'),
    classes: knobs.number('classes'),
    lanes: knobs.number('lanes'),
    power: knobs.number('power'),
  });
  b.output(segmentation, 'segmentation');
  b.output(existence, 'existence');
  attention.forEach((map, at) => {
    b.output(map, `attention${at + 1}`);
  });
  return b.build();
}
