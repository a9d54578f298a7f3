import type { Dim, Shape, ValueType } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import * as meaning from '../common/meanings';
import { mergeAll, mergeFacts, sequenceElement } from '../common/mergeFacts';
import { knownNumbers, knownScalar, normalizeAxis, tensorFact } from '../common/shapes';
import { type Fact, type Operator, type SequenceFact, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';
import { dtypeOf } from './cast';
import { concatShape } from './join';

/** Longer sequences are known by their common element only. */
const MAX_ELEMENTS = 1024;

function sequence(elements: readonly Fact[]): SequenceFact {
  const element = mergeAll(elements);
  return elements.length > MAX_ELEMENTS ? { kind: 'sequence', element } : { kind: 'sequence', element, elements };
}

function sequenceInput(context: ShapeContext): SequenceFact | null {
  const fact = context.inputs[0];
  return fact?.kind === 'sequence' ? fact : null;
}

const construct: ShapeRule = (context) => [sequence(context.inputs.map(sequenceElement))];

const empty: ShapeRule = (context) => {
  const dtype = dtypeOf(context.attributes.int('dtype', 1)) ?? 'float32';
  return [{ kind: 'sequence', element: tensorFact(dtype, null), elements: [] }];
};

const insert: ShapeRule = (context) => {
  const list = sequenceInput(context);
  const added = sequenceElement(context.inputs[1]);
  if (!list) return [UNKNOWN];
  const at = context.inputs[2] ? knownScalar(context.tensor(2)) : (list.elements?.length ?? null);
  const element = list.elements?.length === 0 ? added : mergeFacts(list.element, added);
  if (!list.elements || at === null) return [{ kind: 'sequence', element }];
  const index = at < 0 ? at + list.elements.length : at;
  return [sequence([...list.elements.slice(0, index), added, ...list.elements.slice(index)])];
};

const erase: ShapeRule = (context) => {
  const list = sequenceInput(context);
  if (!list) return [UNKNOWN];
  const at = context.inputs[1] ? knownScalar(context.tensor(1)) : -1;
  if (!list.elements || at === null) return [{ kind: 'sequence', element: list.element }];
  const index = at < 0 ? at + list.elements.length : at;
  const rest = list.elements.filter((_, i) => i !== index);
  return [{ kind: 'sequence', element: list.element, elements: rest }];
};

const at: ShapeRule = (context) => {
  const list = sequenceInput(context);
  const index = knownScalar(context.tensor(1));
  if (!list) return [UNKNOWN];
  if (!list.elements || index === null) return [list.element];
  return [list.elements[index < 0 ? index + list.elements.length : index] ?? list.element];
};

const length: ShapeRule = (context) => {
  const count = sequenceInput(context)?.elements?.length;
  return [tensorFact('int64', [], count === undefined ? null : [count])];
};

const concatFromSequence: ShapeRule = (context) => {
  const list = sequenceInput(context);
  if (list?.element.kind !== 'tensor') return [UNKNOWN];
  const { dtype, shape } = list.element;
  const axis = context.attributes.int('axis', 0);
  if (context.attributes.int('new_axis', 0) === 1) {
    if (!shape) return [tensorFact(dtype, null)];
    const place = normalizeAxis(axis, shape.length + 1) ?? 0;
    return [tensorFact(dtype, [...shape.slice(0, place), list.elements?.length ?? null, ...shape.slice(place)])];
  }
  if (list.elements) {
    const shapes = list.elements.map((element) => (element.kind === 'tensor' ? element.shape : null));
    return [tensorFact(dtype, concatShape(context, shapes, axis))];
  }
  const place = shape ? normalizeAxis(axis, shape.length) : null;
  return [tensorFact(dtype, shape?.map((dim, i) => (i === place ? null : dim)) ?? null)];
};

function partSizes(context: ShapeContext, extent: Dim): readonly Dim[] | null {
  const split = context.tensor(1);
  const sizes = context.inputs[1] ? knownNumbers(split) : [1];
  if (!sizes) return null;
  if (split?.shape?.length === 1) return sizes;
  const size = sizes[0] ?? 1;
  if (typeof extent !== 'number' || size < 1 || extent / size > MAX_ELEMENTS) return null;
  return Array.from({ length: Math.ceil(extent / size) }, (_, i) => Math.min(size, extent - i * size));
}

const splitToSequence: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const { shape, dtype } = input;
  const axis = shape ? normalizeAxis(context.attributes.int('axis', 0), shape.length) : null;
  if (!shape || axis === null) return [{ kind: 'sequence', element: tensorFact(dtype, null) }];
  const drop = !context.inputs[1] && context.attributes.int('keepdims', 1) === 0;
  const part = (size: Dim): Shape => (drop ? shape.filter((_, i) => i !== axis) : shape.map((dim, i) => (i === axis ? size : dim)));
  const sizes = partSizes(context, shape[axis] ?? null);
  if (!sizes) return [{ kind: 'sequence', element: tensorFact(dtype, part(null)) }];
  return [sequence(sizes.map((size) => tensorFact(dtype, part(size))))];
};

function typeFact(type: ValueType): Fact {
  switch (type.kind) {
    case 'tensor':
    case 'sparse':
      return { kind: type.kind, dtype: type.dtype, shape: type.shape };
    case 'sequence':
      return { kind: 'sequence', element: typeFact(type.element) };
    case 'optional':
      return { kind: 'optional', element: typeFact(type.element) };
    default:
      return UNKNOWN;
  }
}

const optional: ShapeRule = (context) => {
  const given = context.inputs[0];
  // An optional holds a tensor or a sequence (Optional's V), never another optional.
  if (given) return [{ kind: 'optional', element: given.kind === 'optional' ? UNKNOWN : given, present: true }];
  const type = context.attributes.get('type');
  return [{ kind: 'optional', element: type?.kind === 'type' ? typeFact(type.value) : UNKNOWN, present: false }];
};

const getElement: ShapeRule = (context) => {
  const input = context.inputs[0] ?? UNKNOWN;
  return [input.kind === 'optional' ? input.element : input];
};

const hasElement: ShapeRule = (context) => {
  const input = context.inputs[0];
  const present = !input ? false : input.kind === 'optional' ? input.present : input.kind === 'unknown' ? undefined : true;
  return [tensorFact('bool', [], present === undefined ? null : [Number(present)])];
};

/** Sequences and optionals: containers, no arithmetic. */
export const SEQUENCES: readonly Operator[] = meaning.means(
  {
    SequenceAt: meaning.move('takeElement'),
    SplitToSequence: meaning.move('split'),
  },
  [
    operator('SequenceConstruct', 11, construct, noArithmetic),
    operator('SequenceEmpty', 11, empty, noArithmetic),
    operator('SequenceInsert', 11, insert, noArithmetic),
    operator('SequenceErase', 11, erase, noArithmetic),
    operator('SequenceAt', 11, at, noArithmetic),
    operator('SequenceLength', 11, length, noArithmetic),
    operator('ConcatFromSequence', 11, concatFromSequence, noArithmetic),
    operator('SplitToSequence', 11, splitToSequence, noArithmetic),
    operator('Optional', 15, optional, noArithmetic),
    operator('OptionalGetElement', 15, getElement, noArithmetic),
    operator('OptionalHasElement', 15, hasElement, noArithmetic),
  ],
);
