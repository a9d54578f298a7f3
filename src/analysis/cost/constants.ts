import type { DType, Node, Tensor } from '../../model';
import { attributesOf } from '../../operators/attributes';
import { elementsOfShape } from '../../operators/common/costs';
import { listsInput, type Meaning } from '../../operators/meaning';
import { lookup, meaningOf, versionOf } from '../../operators/registry';
import type { Held } from '../../operators/rule';
import { instanceId, type ScopeShapes, type ShapeResult } from '../shapes/types';
import { bytesOfShape } from './bytes';
import { type ConstantTraits, type Role, roleAt } from './roles';

/** What a node's first-consumed constants amount to. */
export interface Holdings {
  readonly parameters: bigint;
  readonly buffers: bigint;
  readonly bytes: bigint;
}

type Sum = { -readonly [figure in keyof Holdings]: bigint };

/** The weights and buffers of a model, each at the node that owns it. */
export interface Constants {
  /** By instance id of the consuming node. */
  readonly byNode: ReadonlyMap<string, Holdings>;
  readonly bytesByType: ReadonlyMap<string, bigint>;
}

/** Types that hold no weights, quantised or not: the first reader has them, whatever it is. */
const DESCRIBING: ReadonlySet<DType> = new Set(['int64', 'bool', 'string', 'uint64', 'uint32']);
/** A value joined of more constants than this is followed no further for the rest. */
const MAX_CARRIED = 64;
const RANK: Readonly<Record<Role, number>> = { parameter: 3, buffer: 2, none: 1 };

interface Place {
  readonly scope: ScopeShapes;
  readonly node: Node;
}

/** A stored constant and what is known so far of who consumes it. */
interface Constant {
  /** By which a constant of a function that is called twice is known to be one. */
  readonly key: Tensor | Node;
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  role: Role;
  /** 0: only read by nodes that pass it on; else the rank of `role`. */
  rank: number;
  consumer: Place | null;
}

/** A constant as it arrives at some value. */
interface Carried {
  readonly constant: Constant;
  readonly dequantised: boolean;
}

/** Constants by the value names that carry them, seen from one scope. */
class Carriers {
  private readonly values = new Map<string, readonly Carried[]>();

  constructor(private readonly outer: Carriers | null) {}

  get(name: string): readonly Carried[] | undefined {
    return this.values.get(name) ?? this.outer?.get(name);
  }

  add(name: string, carried: readonly Carried[]): void {
    const before = this.values.get(name);
    if (!before) {
      this.values.set(name, carried);
      return;
    }
    const fresh = carried.filter(({ constant }) => !before.some((one) => one.constant === constant));
    if (fresh.length > 0) this.values.set(name, [...before, ...fresh]);
  }
}

/**
 * Gives every constant (initialiser or Constant node) to the first node that
 * really consumes it, through Identity, Transpose, DequantizeLinear and their
 * like and into bodies and functions, once each however often it is shared,
 * and decides what it is: the strongest role any consumer gives it.
 */
export function attributeConstants(shapes: ShapeResult): Constants {
  const walker = new Walker();
  walker.scope(shapes.main, new Carriers(null));
  return walker.result();
}

/** A call's inputs and outputs are its function's. */
const CALL = { ownInputs: 0, bodyOutputs: 0 };

function asStored(constant: Constant): readonly Carried[] {
  return [{ constant, dequantised: false }];
}

class Walker {
  private readonly constants = new Map<Tensor | Node, Constant>();
  /** What nodes keep in attributes; a function's once, however often it is called. */
  private readonly held = new Map<Node, { readonly id: string; readonly what: Held }>();

  scope(scope: ScopeShapes, carriers: Carriers): void {
    for (const tensor of scope.graph?.initializers ?? []) {
      carriers.add(tensor.name, asStored(this.store(tensor, tensor.name, tensor.dtype, tensor.shape)));
    }
    for (const { name, values } of scope.graph?.sparseInitializers ?? []) {
      carriers.add(name, asStored(this.store(values, name, values.dtype, values.shape)));
    }
    for (const node of scope.order) this.node(scope, node, carriers);
  }

  private store(key: Tensor | Node, name: string, dtype: DType, shape: readonly number[]): Constant {
    let constant = this.constants.get(key);
    if (!constant) {
      constant = { key, name, dtype, shape, role: 'none', rank: 0, consumer: null };
      this.constants.set(key, constant);
    }
    return constant;
  }

  private node(scope: ScopeShapes, node: Node, carriers: Carriers): void {
    const meaning = meaningOf(node, scope.opsets);
    if (meaning?.does === 'constant') {
      const attribute = node.attributes['value'];
      const output = node.outputs[0];
      if (attribute?.kind !== 'tensor' || output === undefined) return;
      const constant = this.store(node, '', attribute.value.dtype, attribute.value.shape);
      // Most are shape arithmetic, weights nowhere: they stay where they are.
      if (DESCRIBING.has(attribute.value.dtype)) constant.consumer ??= { scope, node };
      else carriers.add(output, asStored(constant));
      return;
    }
    this.hold(scope, node);
    const bodies = scope.bodies.get(node);
    if (bodies) {
      for (const body of bodies) this.enter(node, meaning, body, carriers);
      // Functions and ONNX's control flow read what they are given under the names inside; others read it themselves, too.
      if (bodies.some((body) => takesByPlace(meaning, body))) return;
    }
    for (let input = 0; input < node.inputs.length; input++) {
      const carried = carriers.get(node.inputs[input] ?? '');
      if (carried) for (const one of carried) this.read({ scope, node }, meaning, input, one, carriers);
    }
  }

  private hold(scope: ScopeShapes, node: Node): void {
    // Only ai.onnx.ml's operators keep weights in attributes, and a look-up for each node would be felt.
    if (node.domain === '' || this.held.has(node)) return;
    const holds = lookup(node.domain, node.op, versionOf(node.domain, scope.opsets))?.holds;
    if (holds) this.held.set(node, { id: instanceId(scope, node), what: holds(attributesOf(node, scope.attributes)) });
  }

  private read(place: Place, meaning: Meaning | null, input: number, carried: Carried, carriers: Carriers): void {
    const { constant, dequantised } = carried;
    const { outputs } = place.node;
    if (DESCRIBING.has(constant.dtype)) {
      constant.consumer ??= place;
      return;
    }
    const room = (carriers.get(outputs[0] ?? '')?.length ?? 0) < MAX_CARRIED;
    if (room && listsInput(meaning?.inputs.carries, input)) {
      constant.consumer ??= place;
      const on = [{ constant, dequantised: dequantised || meaning?.does === 'dequantize' }];
      for (const output of outputs) if (output !== '') carriers.add(output, on);
      return;
    }
    const traits: ConstantTraits = { name: constant.name, dtype: constant.dtype, shape: constant.shape, dequantised };
    const role = roleAt(meaning, input, traits);
    if (RANK[role] <= constant.rank) return;
    constant.rank = RANK[role];
    constant.role = role;
    constant.consumer = place;
  }

  /** A body sees outer constants by name, or by its own inputs' names; what its outputs carry goes on outside. */
  private enter(node: Node, meaning: Meaning | null, body: ScopeShapes, carriers: Carriers): void {
    const inner = new Carriers(body.graph ? carriers : null);
    if (!takesByPlace(meaning, body)) {
      this.scope(body, inner);
      return;
    }
    const { ownInputs: shift, bodyOutputs: shiftOut } = body.graph && meaning?.kind === 'control' ? meaning : CALL;
    node.inputs.forEach((name, index) => {
      const carried = carriers.get(name);
      const formal = body.inputs[index - shift];
      if (carried && formal !== undefined) inner.add(formal, carried);
    });
    this.scope(body, inner);
    node.outputs.forEach((name, index) => {
      const carried = inner.get(body.outputs[index + shiftOut] ?? '');
      if (carried && name !== '') carriers.add(name, carried);
    });
  }

  result(): Constants {
    const byNode = new Map<string, Sum>();
    const bytesByType = new Map<string, bigint>();
    for (const constant of this.constants.values()) {
      const { consumer, dtype, role } = constant;
      if (!consumer) continue;
      const id = instanceId(consumer.scope, consumer.node);
      const sum = sumAt(byNode, id);
      const bytes = bytesOfShape(dtype, constant.shape) ?? 0n;
      sum.bytes += bytes;
      if (role === 'parameter') sum.parameters += elementsAt(consumer, constant);
      else if (role === 'buffer') sum.buffers += elementsAt(consumer, constant);
      bytesByType.set(dtype, (bytesByType.get(dtype) ?? 0n) + bytes);
    }
    for (const { id, what } of this.held.values()) {
      const sum = sumAt(byNode, id);
      sum.parameters += BigInt(what.parameters);
      sum.buffers += BigInt(what.buffers);
      sum.bytes += BigInt(what.bytes);
    }
    return { byNode, bytesByType };
  }
}

function sumAt(byNode: Map<string, Sum>, id: string): Sum {
  let sum = byNode.get(id);
  if (!sum) {
    sum = { parameters: 0n, buffers: 0n, bytes: 0n };
    byNode.set(id, sum);
  }
  return sum;
}

/** Whether a body's inputs and outputs are those of its node in order, as in functions and control flow. */
function takesByPlace(meaning: Meaning | null, body: ScopeShapes): boolean {
  return !body.graph || meaning?.kind === 'control';
}

/** Number of weights, which for packed ones is not the number of stored bytes. */
function elementsAt({ scope, node }: Place, { dtype, shape }: Constant): bigint {
  const stored = elementsOfShape(shape) ?? 0n;
  if (dtype !== 'uint8') return stored;
  const attributes = attributesOf(node, scope.attributes);
  const meaning = meaningOf(node, scope.opsets);
  if (meaning?.kind === 'product' && meaning.packed) {
    const k = attributes.int('K');
    const n = attributes.int('N');
    if (k === undefined || n === undefined || k <= 0 || n <= 0) return stored;
    // A weight takes a bit at least, whatever the attributes say.
    const claimed = BigInt(k) * BigInt(n);
    return claimed <= stored * 8n ? claimed : stored;
  }
  const packed = meaning?.inputs.bits;
  const bits = packed ? attributes.int(packed[0], packed[1]) : 8;
  return bits > 0 && bits < 8 ? (stored * 8n) / BigInt(bits) : stored;
}
