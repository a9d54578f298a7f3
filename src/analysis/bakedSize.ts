import { own } from '../data';
import { type Finding, formatShape, graphInputs, isStatic, type Model, type Node, type Shape } from '../model';
import { isAmong, words } from '../operators/meaning';
import { meaningOf } from '../operators/registry';
import { describeNode } from './describe';
import { isMisfit } from './misfits';
import { inferShapes, type ShapeResult } from './shapes';
import type { WorkBudget } from './shapes/budget';
import { instanceId } from './shapes/types';

/** Elements of a constant that a message quotes. */
const QUOTED = 8;
const RESHAPES = words('reshape');

const BUILT_IN = 'The graph has the size that it was exported at built in:';
const AT = ' At';

/** What is built in, without the size at which it shows: the same sentence at every size that a comparison asks for. */
export function withoutSize(message: string): string {
  const end = message.startsWith(BUILT_IN) ? message.lastIndexOf(`.${AT} "`) : -1;
  return end < 0 ? message : message.slice(0, end + 1);
}

/** An analysis at sizes that the file does not declare. */
export interface Resized {
  readonly model: Model;
  readonly shapes: ShapeResult;
  /** Inputs with their asked extents. */
  readonly asked: Readonly<Record<string, readonly number[]>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly budget: WorkBudget;
}

/**
 * Where the graph holds on to the size that it was exported at, when another was asked for: the first node that
 * contradicts, with the constant that does. A reshape whose constant target leaves one extent open contradicts without
 * a word: what it cannot place becomes a larger batch, which the outputs show.
 */
export function bakedSize(resized: Resized): readonly Finding[] {
  const { model, shapes, asked } = resized;
  const changed = graphInputs(model.graph).filter(({ name, type }) => {
    const declared = type.kind === 'tensor' ? type.shape : null;
    return own(asked, name)?.some((extent, axis) => typeof declared?.[axis] === 'number' && declared[axis] !== extent) === true;
  });
  const [input] = changed;
  if (!input) return [];
  const sizes = changed.map(({ name }) => `"${name}" ${formatShape(own(asked, name) ?? [])}`).join(', ');
  const misfits = new Set(shapes.findings.filter(isMisfit).flatMap(({ node }) => node ?? []));
  const batch = batchOf(resized, input.name);
  const spills = batch !== null && outputsContradict(resized, batch);
  if (misfits.size === 0 && !spills) return [];
  const found = first(resized, misfits, batch);
  if (!found) return [];
  const { node, why } = found;
  const constant = constantOf(resized, node);
  const message =
    `${BUILT_IN} ${describeNode(node)} is the first that contradicts${constant === '' ? '' : `, by its constant ${constant}`}.` +
    `${AT} ${sizes}${why === '' ? '' : ` ${why}, and`} figures behind it are those of no real run; export the model for this size.`;
  return [{ code: 'fixed-size', message, node: instanceId(shapes.main, node) }];
}

/** Images in the batch that was asked for, and in the file's; `null` where the file leaves it open. */
function batchOf({ model, asked }: Resized, name: string): { readonly declared: number; readonly asked: number } | null {
  const type = graphInputs(model.graph).find((input) => input.name === name)?.type;
  const declared = type?.kind === 'tensor' ? type.shape?.[0] : null;
  const now = own(asked, name)?.[0];
  if (now === undefined) return null;
  return { declared: typeof declared === 'number' ? declared : now, asked: now };
}

type Batch = NonNullable<ReturnType<typeof batchOf>>;

/** Outputs that had an entry for each image have more. */
function outputsContradict({ model, shapes, numbers }: Resized, batch: Batch): boolean {
  return model.graph.outputs.some(({ name, type }) => {
    const declared = type.kind === 'tensor' ? (type.shape?.[0] ?? null) : null;
    const wanted = typeof declared === 'string' ? (own(numbers, declared) ?? null) : declared === batch.declared ? batch.asked : null;
    const extent = shapeOf(shapes, name)?.[0];
    return wanted !== null && typeof extent === 'number' && extent !== wanted;
  });
}

function shapeOf(shapes: ShapeResult, name: string): Shape | null {
  const fact = shapes.fact(name);
  return fact.kind === 'tensor' ? fact.shape : null;
}

/** The first node, in an order in which the graph can run, that a finding names or that turns positions into images. */
function first(
  { model, shapes, numbers, budget }: Resized,
  misfits: ReadonlySet<string>,
  batch: Batch | null,
): { readonly node: Node; readonly why: string } | null {
  const before = inferShapes(model, { bindings: numbers, budget });
  for (const node of shapes.main.order) {
    if (misfits.has(instanceId(shapes.main, node))) return { node, why: '' };
    if (!batch || !isAmong(meaningOf(node, shapes.main.opsets), RESHAPES)) continue;
    const [output = ''] = node.outputs;
    const [then, now] = [shapeOf(before, output)?.[0], shapeOf(shapes, output)?.[0]];
    if (then === batch.declared && typeof now === 'number' && now !== batch.asked && holdsOn(shapes, node)) {
      const images = `${batch.asked} ${batch.asked === 1 ? 'image becomes' : 'images become'} a batch of ${now}`;
      return { node, why: images };
    }
  }
  return null;
}

/** The target is a constant of the file. */
function holdsOn(shapes: ShapeResult, node: Node): boolean {
  const producer = shapes.main.wiring.producer[shapes.main.wiring.value(node.inputs[1] ?? '')] ?? -1;
  return node.inputs.length < 2 || producer < 0 || shapes.main.wiring.nodes[producer]?.inputs.length === 0;
}

/** The stored value among a node's inputs that says what its extents are: its name and numbers, or its shape. */
function constantOf({ shapes, model }: Resized, node: Node): string {
  const stored = new Set(model.graph.initializers.map(({ name }) => name));
  for (const { inputs, outputs } of shapes.main.nodes) if (inputs.length === 0 && outputs[0]) stored.add(outputs[0]);
  const name = node.inputs.findLast((input) => stored.has(input));
  if (name === undefined) return '';
  const fact = shapes.fact(name);
  if (fact.kind !== 'tensor') return `"${name}"`;
  const numbers = fact.data?.filter((element) => typeof element === 'number') ?? [];
  if (numbers.length > 0 && numbers.length === fact.data?.length && numbers.length <= QUOTED) return `"${name}" = [${numbers.join(', ')}]`;
  return fact.shape && isStatic(fact.shape) ? `"${name}" ${formatShape(fact.shape)}` : `"${name}"`;
}
