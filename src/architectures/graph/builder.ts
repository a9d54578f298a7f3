import type { Attribute, Dim, DType, Model, Node, Shape, Tensor, Value } from '../../model';
import { attributesOf } from '../../operators/attributes';
import { lookup } from '../../operators/registry';
import { type Fact, type TensorFact, UNKNOWN } from '../../operators/rule';
import type { Fill } from './fill';
import { Scopes } from './scopes';

/** A value while a graph is built; its shape comes from the same rules that count it later. */
export interface Handle {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** An attribute: bare numbers are ints, floats are marked (and stored with 32 bits, as ONNX does). */
export type AttributeInput =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] };

/** What the file says of itself. */
export interface BuilderOptions {
  readonly name: string;
  /** Version of ai.onnx; 17 unless the architecture needs another. */
  readonly opset?: number;
}

/** A model whose weights are still recipes. */
export interface BuiltModel {
  readonly model: Model;
  /** By initializer name; initializers without one are inline constants. */
  readonly fills: ReadonlyMap<string, Fill>;
}

/** What PyTorch's exporter writes; older readers know it too. */
const DEFAULT_OPSET = 17;
const IR_VERSION = '8';

/**
 * Builds a `Model` node by node. Scopes and names follow PyTorch's exporter.
 * Shapes are inferred at once, so a layer that does not fit fails where it is made.
 */
export class GraphBuilder {
  readonly opset: number;
  private readonly scopes = new Scopes();
  private readonly inputs: Value[] = [];
  private readonly outputs: Value[] = [];
  private readonly nodes: Node[] = [];
  private readonly initializers = new Map<string, Tensor>();
  private readonly fills = new Map<string, Fill>();
  private readonly facts = new Map<string, Fact>();

  constructor(private readonly options: BuilderOptions) {
    this.opset = options.opset ?? DEFAULT_OPSET;
  }

  scope<Result>(name: string, body: () => Result): Result {
    return this.scopes.within(name, body);
  }

  input(name: string, shape: Shape, dtype: DType = 'float32'): Handle {
    this.inputs.push({ name, type: { kind: 'tensor', dtype, shape } });
    return this.know(name, { kind: 'tensor', dtype, shape });
  }

  /** Declares a graph output; a value that has another name is passed through Identity. */
  output(value: Handle, name: string = value.name): void {
    const named = name === value.name ? value : this.named('Identity', [value], name);
    this.outputs.push({ name: named.name, type: { kind: 'tensor', dtype: named.dtype, shape: named.shape } });
  }

  /** A trainable weight or a buffer, named by its scope: `layer1.0.conv1.weight`. The same name twice is the same tensor (tied weights). */
  weight(name: string, shape: readonly number[], fill: Fill, dtype: DType = 'float32'): Handle {
    const full = this.scopes.weightName(name);
    const known = this.initializers.get(full);
    if (known) return this.handle(full);
    this.initializers.set(full, { name: full, dtype, shape, storage: { kind: 'missing', reason: `"${full}" was built without weights.` } });
    this.fills.set(full, fill);
    return this.know(full, { kind: 'tensor', dtype, shape });
  }

  /** A small constant: shapes, axes, scales. */
  constant(values: readonly number[], dtype: 'int64' | 'float32' = 'int64', shape: readonly number[] = [values.length]): Handle {
    const name = this.scopes.unique(`${this.scopes.nodeName('Constant')}_output_0`);
    const data = dtype === 'int64' ? new BigInt64Array(values.map(BigInt)) : new Float32Array(values);
    this.initializers.set(name, { name, dtype, shape, storage: { kind: 'inline', data: new Uint8Array(data.buffer) } });
    return this.know(name, { kind: 'tensor', dtype, shape, data: values });
  }

  scalar(value: number, dtype: 'int64' | 'float32' = 'float32'): Handle {
    return this.constant([value], dtype, []);
  }

  /** One operator of ai.onnx (or `domain.Op`) with one output. */
  node(op: string, inputs: readonly (Handle | null)[], attributes: Readonly<Record<string, AttributeInput>> = {}): Handle {
    const [first] = this.nodeOutputs(op, inputs, attributes, 1);
    if (!first) throw new Error(`${op} has no output`);
    return first;
  }

  /** The same with several outputs. */
  nodeOutputs(
    op: string,
    inputs: readonly (Handle | null)[],
    attributes: Readonly<Record<string, AttributeInput>>,
    count: number,
  ): readonly Handle[] {
    const name = this.scopes.nodeName(op.slice(op.lastIndexOf('.') + 1));
    return this.add(
      op,
      name,
      inputs,
      attributes,
      Array.from({ length: count }, (_, index) => `${name}_output_${index}`),
    );
  }

  build(): BuiltModel {
    const domains = new Set(this.nodes.map(({ domain }) => domain));
    const model: Model = {
      format: 'onnx',
      formatVersion: IR_VERSION,
      producer: 'model-loupe',
      producerVersion: '',
      domain: '',
      modelVersion: '0',
      doc: '',
      opsets: Object.fromEntries([['', this.opset], ...[...domains].filter((domain) => domain !== '').map((domain) => [domain, 1])]),
      metadata: {},
      graph: {
        name: this.options.name,
        inputs: this.inputs,
        outputs: this.outputs,
        values: [],
        initializers: [...this.initializers.values()],
        sparseInitializers: [],
        nodes: this.nodes,
        quantization: [],
      },
      functions: [],
      externalFiles: [],
      findings: [],
    };
    return { model, fills: this.fills };
  }

  private named(op: string, inputs: readonly Handle[], output: string): Handle {
    const [handle] = this.add(op, this.scopes.nodeName(op), inputs, {}, [output]);
    if (!handle) throw new Error(`${op} has no output`);
    return handle;
  }

  private add(
    type: string,
    name: string,
    inputs: readonly (Handle | null)[],
    attributes: Readonly<Record<string, AttributeInput>>,
    outputs: readonly string[],
  ): readonly Handle[] {
    const dot = type.lastIndexOf('.');
    const node: Node = {
      id: `n${this.nodes.length}`,
      name,
      op: type.slice(dot + 1),
      domain: dot < 0 ? '' : type.slice(0, dot),
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs,
      attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, toAttribute(value)])),
    };
    const facts = this.infer(node);
    this.nodes.push(node);
    return outputs.map((output, index) => {
      const fact = facts[index] ?? UNKNOWN;
      if (fact.kind !== 'tensor' || fact.shape === null)
        throw new Error(`${name}: the shape of output ${index} does not follow from ${this.describe(node)}.`);
      return this.know(output, fact);
    });
  }

  private infer(node: Node): readonly Fact[] {
    const operator = lookup(node.domain, node.op, node.domain === '' ? this.opset : 1);
    if (!operator) throw new Error(`${node.name}: there is no rule for ${node.domain}.${node.op} at opset ${this.opset}.`);
    const inputs = node.inputs.map((name) => (name === '' ? null : (this.facts.get(name) ?? UNKNOWN)));
    return operator.shape({
      node,
      opset: this.opset,
      inputs,
      attributes: attributesOf(node, undefined),
      tensor: (index) => {
        const fact = inputs[index];
        return fact?.kind === 'tensor' ? fact : null;
      },
      infer: () => [],
      report: (_code, message) => {
        throw new Error(`${node.name}: ${message} (${this.describe(node)})`);
      },
    });
  }

  private describe(node: Node): string {
    return node.inputs.map((name) => (name === '' ? '-' : `[${this.handle(name).shape.join(', ')}]`)).join(', ');
  }

  private handle(name: string): Handle {
    const fact = this.facts.get(name);
    if (fact?.kind !== 'tensor' || fact.shape === null) throw new Error(`${name} is no value of this graph.`);
    return { name, dtype: fact.dtype, shape: fact.shape };
  }

  private know(name: string, fact: TensorFact): Handle {
    this.facts.set(name, fact);
    return this.handle(name);
  }
}

/** The extent of an axis that must be known while building; negative axes count from the end. */
export function extent(value: Handle, axis: number): number {
  const dim: Dim | undefined = value.shape.at(axis);
  if (typeof dim !== 'number') throw new Error(`Axis ${axis} of ${value.name} [${value.shape.join(', ')}] has no fixed extent.`);
  return dim;
}

function toAttribute(value: AttributeInput): Attribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if ('float' in value) return { kind: 'float', value: Math.fround(value.float) };
  if ('floats' in value) return { kind: 'floats', value: value.floats.map(Math.fround) };
  return isStrings(value) ? { kind: 'strings', value } : { kind: 'ints', value };
}

function isStrings(values: readonly number[] | readonly string[]): values is readonly string[] {
  return typeof values[0] === 'string';
}
