import type { Shape } from '../../model';
import { isAmong, words } from '../../operators/meaning';
import type { Block, NodeProfile } from '../profile';
import { ownAttributes, type Side } from './diffSide';

/** Layers named in one row; more are counted. */
const LISTED = 4;
/** What a layer inside a block is called by, where another description of the block leaves it out. */
const LAYER_ATTRIBUTES = new Set(['kernel', 'stride', 'width']);
/** Operators that move or describe data: a model with others computes the same. */
const MOVEMENT = words('move', 'equal');

type Value = Block['attributes'][string];

/** Blocks that are written as details of the block around them. */
export function isMinor({ kind }: Block): boolean {
  return kind === 'activation' || kind === 'normalization';
}

/** `heads 8 -> 16`, `with squeeze-excite`, `window 7` where the other side has none. */
export function attributeChanges(old: Block, now: Block): readonly string[] {
  const [from, to] = [new Map(ownAttributes(old)), new Map(ownAttributes(now))];
  const names = [...new Set([...from.keys(), ...to.keys()])].sort();
  return names.flatMap((name) => attributeChange(name, from.get(name), to.get(name)));
}

function attributeChange(name: string, was: Value | undefined, is: Value | undefined): readonly string[] {
  const words = name === 'squeezeExcite' ? 'squeeze-excite' : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (isTruth(was) && isTruth(is)) return (was ?? false) === (is ?? false) ? [] : [`${is ? 'with' : 'without'} ${words}`];
  if (was === undefined || is === undefined) {
    if (LAYER_ATTRIBUTES.has(name)) return [];
    return was === undefined ? [`with ${words} ${text(is)}`] : [`without ${words} ${text(was)}`];
  }
  return text(was) === text(is) ? [] : [`${words} ${text(was)} -> ${text(is)}`];
}

function isTruth(value: Value | undefined): value is boolean | undefined {
  return value === undefined || typeof value === 'boolean';
}

function text(value: Value | undefined): string {
  return typeof value === 'object' ? value.join(' x ') : String(value);
}

/**
 * Layers that only one of two blocks has, children left out: `without Conv 128x128x3x3`, `with SiLU x2`.
 * Without the shapes of their weights where `sized` says that attributes tell them already.
 */
export function layerChanges(old: Block, now: Block, [left, right]: readonly [Side, Side], sized: boolean): readonly string[] {
  const counts = new Map<string, number>();
  const add = (block: Block, side: Side, step: number) => {
    for (const layer of layersOf(block, side, sized)) counts.set(layer, (counts.get(layer) ?? 0) + step);
  };
  add(old, left, -1);
  add(now, right, 1);
  const named = [...counts].filter(([, count]) => count !== 0).sort(([, a], [, b]) => a - b);
  const listed = named.slice(0, LISTED).map(([layer, count]) => {
    const times = Math.abs(count) > 1 ? ` x${Math.abs(count)}` : '';
    return `${count > 0 ? 'with' : 'without'} ${layer}${times}`;
  });
  return named.length > LISTED ? [...listed, `and ${named.length - LISTED} other layers`] : listed;
}

function layersOf(block: Block, side: Side, sized: boolean): readonly string[] {
  const own = side.own(block).flatMap((node) => (isAmong(side.meaningOf(node), MOVEMENT) ? [] : [sized ? node.op : layerText(node)]));
  return [...own, ...block.children.filter(isMinor).map(({ label }) => label)];
}

/** `Conv 128x64x3x3`: the operator and the shape of its weights. */
function layerText({ op, macs, parameters, inputs }: NodeProfile): string {
  const weights = inputs[1]?.shape;
  const layer = macs !== null && BigInt(macs) > 0n && BigInt(parameters) > 0n;
  return layer && weights ? `${op} ${weights.join('x')}` : op;
}

/** The size of what goes through a block, where nothing else tells two apart: `output 1x197x768 -> 1x50x768`. */
export function sizeChange(old: Block, now: Block, [left, right]: readonly [Side, Side]): readonly string[] {
  const [from, to] = [left.all(old), right.all(now)];
  const outputs = shapeChange('output', from.at(-1)?.outputs[0]?.shape, to.at(-1)?.outputs[0]?.shape);
  return outputs.length > 0 ? outputs : shapeChange('input', from[0]?.inputs[0]?.shape, to[0]?.inputs[0]?.shape);
}

function shapeChange(what: string, was: Shape | null | undefined, is: Shape | null | undefined): readonly string[] {
  const [from, to] = [was?.join('x'), is?.join('x')];
  return from === undefined || to === undefined || from === to ? [] : [`${what} ${from} -> ${to}`];
}

/** True for a detail that tells of another input or output size alone. */
export function isSizeChange(detail: string): boolean {
  return /^(input|output) [\dx]+ -> [\dx]+$/.test(detail);
}
