import type { DType, Node, Tensor } from '../../model';
import { attributesOf } from '../../operators/attributes';
import { elementsOfShape } from '../../operators/costs';
import { instanceId, type ScopeShapes, type ShapeResult } from '../shapes/types';
import { bytesOf } from './bytes';
import { type ConstantTraits, passes, type Role, roleAt } from './roles';
import type { Use, Uses } from './uses';

/** What a node's first-consumed constants amount to. */
export interface Holdings {
  readonly parameters: bigint;
  readonly buffers: bigint;
  readonly bytes: bigint;
}

export interface Constants {
  /** By instance id of the consuming node. */
  readonly byNode: ReadonlyMap<string, Holdings>;
  readonly bytesByType: ReadonlyMap<string, bigint>;
}

/** Types that hold no weights, quantised or not. */
const DESCRIBING: ReadonlySet<DType> = new Set(['int64', 'bool', 'string', 'uint64', 'uint32']);
const RANK: Readonly<Record<Role, number>> = { parameter: 2, buffer: 1, none: 0 };
/** A constant read through longer chains than this is settled by what was seen. */
const MAX_STEPS = 10_000;

interface Found {
  readonly role: Role;
  readonly use: Use;
}

interface Step {
  readonly scope: ScopeShapes;
  readonly value: string;
  readonly dequantised: boolean;
}

/** Names under which a body or a caller goes on with what a node reads at `use`. */
function inside(use: Use): readonly Step[] {
  const { scope, node, input } = use;
  const bodies = scope.bodies.get(node) ?? [];
  return bodies.flatMap((body) => {
    const shift = node.op === 'Scan' && body.inputs.length < node.inputs.length ? 1 : 0;
    const value = body.inputs[input - shift];
    return value === undefined ? [] : [{ scope: body, value, dequantised: false }];
  });
}

function outside({ scope, value, dequantised }: Step): readonly Step[] {
  const { parent, owner } = scope;
  if (!parent || !owner) return [];
  return scope.outputs.flatMap((name, index) => {
    const outer = name === value ? owner.outputs[index] : undefined;
    return outer ? [{ scope: parent, value: outer, dequantised }] : [];
  });
}

/** Follows a constant to its real consumers; the strongest role wins, the first consumer of that role gets it. */
function consumerOf(uses: Uses, start: Step, constant: Omit<ConstantTraits, 'dequantised'>): Found | null {
  const pending: Step[] = [start];
  const seen = new Set<string>();
  let best: Found | null = null;
  for (let at = 0; at < pending.length && at < MAX_STEPS; at++) {
    const step = pending[at];
    if (!step) break;
    if (at > 0) {
      const key = `${step.scope.id}\n${step.value}`;
      if (seen.has(key)) continue;
      seen.add(key);
    }
    if (step.scope.parent) pending.push(...outside(step));
    for (const use of uses.of(step.scope, step.value)) {
      const into = inside(use);
      if (into.length > 0) {
        pending.push(...into);
        continue;
      }
      if (passes(use.node, use.input)) {
        const dequantised = step.dequantised || use.node.op === 'DequantizeLinear';
        for (const value of use.node.outputs) pending.push({ scope: use.scope, value, dequantised });
        best ??= { role: 'none', use };
        continue;
      }
      const role = roleAt(use.node, use.input, { ...constant, dequantised: step.dequantised });
      if (!best || RANK[role] > RANK[best.role] || (passes(best.use.node, best.use.input) && RANK[role] >= RANK[best.role])) {
        best = { role, use };
      }
    }
  }
  return best;
}

/** Weights of MatMulNBits stand packed; their number follows from its attributes K and N. */
function elementsAt(use: Use, shape: readonly number[]): bigint {
  if (use.node.op === 'MatMulNBits') {
    const attributes = attributesOf(use.node, use.scope.attributes);
    const k = attributes.int('K');
    const n = attributes.int('N');
    if (k !== undefined && n !== undefined) return BigInt(k) * BigInt(n);
  }
  return elementsOfShape(shape) ?? 0n;
}

interface Stored {
  readonly key: Tensor | Node;
  readonly value: string;
  readonly scope: ScopeShapes;
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Elements really stored, for the bytes; fewer than the shape's where sparse. */
  readonly stored: readonly number[];
}

function storedIn(scope: ScopeShapes): readonly Stored[] {
  const all: Stored[] = [];
  for (const tensor of scope.graph?.initializers ?? []) {
    all.push({ key: tensor, value: tensor.name, scope, name: tensor.name, dtype: tensor.dtype, shape: tensor.shape, stored: tensor.shape });
  }
  for (const sparse of scope.graph?.sparseInitializers ?? []) {
    const { name, values } = sparse;
    all.push({ key: values, value: name, scope, name, dtype: values.dtype, shape: values.shape, stored: values.shape });
  }
  for (const node of scope.nodes) {
    if (node.op !== 'Constant') continue;
    const attribute = node.attributes['value'];
    const value = node.outputs[0];
    if (attribute?.kind !== 'tensor' || value === undefined) continue;
    const { dtype, shape } = attribute.value;
    all.push({ key: node, value, scope, name: '', dtype, shape, stored: shape });
  }
  return all;
}

/**
 * Gives every constant (initialiser or Constant node) to the first node that
 * really consumes it, through Identity, Transpose, DequantizeLinear and their
 * like, once each however often it is shared, and decides what it is.
 */
export function attributeConstants(shapes: ShapeResult, uses: Uses): Constants {
  const byNode = new Map<string, Holdings>();
  const bytesByType = new Map<string, bigint>();
  const counted = new Set<Tensor | Node>();
  for (const scope of shapes.scopes.values()) {
    for (const one of storedIn(scope)) {
      if (counted.has(one.key)) continue;
      counted.add(one.key);
      const [first] = uses.of(scope, one.value);
      if (!first) continue;
      // Most constants are shape arithmetic: nothing to follow, they are weights nowhere.
      const settled = DESCRIBING.has(one.dtype) ? { role: 'none' as const, use: first } : null;
      const found = settled ?? consumerOf(uses, { scope, value: one.value, dequantised: false }, one);
      if (!found) continue;
      const id = instanceId(found.use.scope, found.use.node);
      const before = byNode.get(id) ?? { parameters: 0n, buffers: 0n, bytes: 0n };
      const count = found.role === 'none' ? 0n : elementsAt(found.use, one.shape);
      const bytes = bytesOf(one.dtype, elementsOfShape(one.stored) ?? 0n);
      byNode.set(id, {
        parameters: before.parameters + (found.role === 'parameter' ? count : 0n),
        buffers: before.buffers + (found.role === 'buffer' ? count : 0n),
        bytes: before.bytes + bytes,
      });
      bytesByType.set(one.dtype, (bytesByType.get(one.dtype) ?? 0n) + bytes);
    }
  }
  return { byNode, bytesByType };
}
