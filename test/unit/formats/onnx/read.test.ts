import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from '../../../../src/formats/onnx/schema/onnx-ml_pb';
import {
  type AttributeSpec,
  float,
  floats,
  graph,
  ints,
  localFunction,
  model,
  node,
  optionalType,
  reference,
  sequenceType,
  sparse,
  stringTensor,
  tensor,
  tensorType,
  untyped,
  value,
} from '../../../fixtures/onnx';
import { codes, open } from '../support';

const IO = { inputs: [value('x', 'float32', [1])], outputs: [value('y', 'float32', [1])] };

describe('what an ONNX model keeps', () => {
  it('its identity, opsets and metadata', async () => {
    const bytes = model({
      ...IO,
      nodes: [node('Relu', ['x'], ['y'])],
      ir: 8,
      opset: { 'ai.onnx': 17, 'com.microsoft': 1 },
      producer: 'pytorch',
      producerVersion: '2.1',
      modelMetadata: { author: 'me', ['__proto__']: 'harmless' },
      extra: { domain: 'org.example', modelVersion: 3n, docString: 'A model.' },
    });
    const read = await open(bytes);
    expect(read).toMatchObject({
      format: 'onnx',
      formatVersion: '8',
      producer: 'pytorch',
      producerVersion: '2.1',
      domain: 'org.example',
      modelVersion: '3',
      doc: 'A model.',
      opsets: { '': 17, 'com.microsoft': 1 },
      findings: [],
    });
    expect(Object.entries(read.metadata)).toEqual([
      ['author', 'me'],
      ['__proto__', 'harmless'],
    ]);
  });

  it('every kind of value type and extent', async () => {
    const map = create(TypeProtoSchema, {
      value: { case: 'mapType', value: { keyType: 7, valueType: tensorType('float32', null) } },
    });
    const coo = create(TypeProtoSchema, { value: { case: 'sparseTensorType', value: { elemType: 1, shape: { dim: [] } } } });
    const negative = create(ValueInfoProtoSchema, {
      name: 'n',
      type: { value: { case: 'tensorType', value: { elemType: 1, shape: { dim: [{ value: { case: 'dimValue', value: -1n } }] } } } },
    });
    const inputs = [
      value('a', 'float16', ['batch', 3, null], { doc: 'An image.', metadata: { kind: 'image' } }),
      value('b', 'int64', []),
      value('c', 'bool', null),
      untyped('d'),
      untyped('e', sequenceType(tensorType('float32', [2]))),
      untyped('f', optionalType(sequenceType(tensorType('float32', null)))),
      untyped('g', map),
      untyped('h', coo),
      negative,
    ];
    const { graph: read } = await open(model({ inputs, nodes: [node('Relu', ['a'], ['y'])] }));
    expect(read.inputs).toEqual([
      {
        name: 'a',
        type: { kind: 'tensor', dtype: 'float16', shape: ['batch', 3, null] },
        doc: 'An image.',
        metadata: { kind: 'image' },
      },
      { name: 'b', type: { kind: 'tensor', dtype: 'int64', shape: [] } },
      { name: 'c', type: { kind: 'tensor', dtype: 'bool', shape: null } },
      { name: 'd', type: { kind: 'unknown' } },
      { name: 'e', type: { kind: 'sequence', element: { kind: 'tensor', dtype: 'float32', shape: [2] } } },
      { name: 'f', type: { kind: 'optional', element: { kind: 'sequence', element: { kind: 'tensor', dtype: 'float32', shape: null } } } },
      { name: 'g', type: { kind: 'map', key: 'int64', element: { kind: 'tensor', dtype: 'float32', shape: null } } },
      { name: 'h', type: { kind: 'sparse', dtype: 'float32', shape: [] } },
      { name: 'n', type: { kind: 'tensor', dtype: 'float32', shape: [null] } },
    ]);
  });

  it('every kind of attribute', async () => {
    const given: Record<string, AttributeSpec> = {
      i: 3,
      most: 2n ** 63n - 1n,
      f: float(2),
      s: 'same',
      is: [1, -2],
      none: ints([]),
      fs: floats([0.5, 2]),
      ss: ['a', 'b'],
      t: tensor('', 'int64', [1], [7]),
      ts: [tensor('p', 'int8', [], [1]), tensor('q', 'int8', [], [2])],
      coo: sparse(tensor('v', 'float32', [1], [5]), tensor('', 'int64', [1], [2]), [4]),
      type: tensorType('float32', [1]),
      types: create(AttributeProtoSchema, {
        type: AttributeProto_AttributeType.TYPE_PROTOS,
        typeProtos: [tensorType('bool', null)],
      }),
    };
    const { graph: read, findings } = await open(model({ ...IO, nodes: [node('Op', ['x'], ['y'], given)] }));
    const inline = (bytes: number[]) => ({ kind: 'inline', data: Uint8Array.from(bytes) });
    expect(findings).toEqual([]);
    expect(read.nodes[0]?.attributes).toEqual({
      i: { kind: 'int', value: 3 },
      most: { kind: 'int', value: 9_223_372_036_854_775_807n },
      f: { kind: 'float', value: 2 },
      s: { kind: 'string', value: 'same' },
      is: { kind: 'ints', value: [1, -2] },
      none: { kind: 'ints', value: [] },
      fs: { kind: 'floats', value: [0.5, 2] },
      ss: { kind: 'strings', value: ['a', 'b'] },
      t: { kind: 'tensor', value: { name: '', dtype: 'int64', shape: [1], storage: inline([7, 0, 0, 0, 0, 0, 0, 0]) } },
      ts: {
        kind: 'tensors',
        value: [
          { name: 'p', dtype: 'int8', shape: [], storage: inline([1]) },
          { name: 'q', dtype: 'int8', shape: [], storage: inline([2]) },
        ],
      },
      coo: {
        kind: 'sparseTensor',
        value: {
          name: 'v',
          shape: [4],
          values: { name: 'v', dtype: 'float32', shape: [1], storage: inline([0, 0, 160, 64]) },
          indices: { name: '', dtype: 'int64', shape: [1], storage: inline([2, 0, 0, 0, 0, 0, 0, 0]) },
        },
      },
      type: { kind: 'type', value: { kind: 'tensor', dtype: 'float32', shape: [1] } },
      types: { kind: 'types', value: [{ kind: 'tensor', dtype: 'bool', shape: null }] },
    });
  });

  it('attributes without a type, as the first exporters wrote them', async () => {
    const untypedAttribute = (init: Partial<{ i: bigint; f: number; ints: bigint[] }>) => create(AttributeProtoSchema, init);
    const attributes = {
      a: untypedAttribute({ i: 0n }),
      b: untypedAttribute({ f: 0 }),
      c: untypedAttribute({ ints: [1n] }),
      d: untypedAttribute({}),
    };
    const read = await open(model({ ...IO, ir: 3, nodes: [node('Op', ['x'], ['y'], attributes)] }));
    expect(read.graph.nodes[0]?.attributes).toEqual({
      a: { kind: 'int', value: 0 },
      b: { kind: 'float', value: 0 },
      c: { kind: 'ints', value: [1] },
    });
    expect(codes(read.findings)).toEqual(['attribute']);
  });

  it('nodes with their names, docs, overloads and metadata, and stable ids', async () => {
    const extra = { name: 'conv1', domain: 'com.acme', overload: 'v2', doc: 'First.', metadata: { namespace: 'layer1' } };
    const nodes = [node('Scale', ['x', '', 's'], ['', 'y'], {}, extra)];
    const bytes = model({ ...IO, nodes, initializers: [tensor('s', 'float32', [], [1])], opset: { '': 21, 'com.acme': 1 } });
    expect((await open(bytes)).graph.nodes).toEqual([
      {
        id: 'n0',
        name: 'conv1',
        op: 'Scale',
        domain: 'com.acme',
        overload: 'v2',
        inputs: ['x', '', 's'],
        outputs: ['', 'y'],
        attributes: {},
        doc: 'First.',
        metadata: { namespace: 'layer1' },
      },
    ]);
  });

  it('subgraphs, at any depth, which see the values around them', async () => {
    const inner = graph({ name: 'inner', nodes: [node('Neg', ['x'], ['deep'])], outputs: [value('deep', 'float32', [1])] });
    const branch = (name: string) =>
      graph({
        name,
        nodes: [node('If', ['c'], [name], { then_branch: inner, else_branch: inner })],
        outputs: [value(name, 'float32', [1])],
      });
    const bytes = model({
      inputs: [...IO.inputs, value('c', 'bool', [])],
      outputs: IO.outputs,
      nodes: [
        node('Relu', ['x'], ['z']),
        node('If', ['c'], ['y'], { then_branch: branch('p'), else_branch: branch('q') }),
        node('Op', ['x'], ['w'], { branches: [inner, inner] }),
      ],
    });
    const read = await open(bytes);
    expect(read.findings).toEqual([]);
    const [, outer, list] = read.graph.nodes;
    const then = outer?.attributes['then_branch'];
    if (then?.kind !== 'graph') throw new Error('no branch');
    expect(then.value.nodes[0]).toMatchObject({ id: 'n1/then_branch/n0', op: 'If' });
    const deep = then.value.nodes[0]?.attributes['else_branch'];
    if (deep?.kind !== 'graph') throw new Error('no branch');
    expect(deep.value).toMatchObject({ name: 'inner', nodes: [{ id: 'n1/then_branch/n0/else_branch/n0', op: 'Neg' }] });
    const branches = list?.attributes['branches'];
    if (branches?.kind !== 'graphs') throw new Error('no branches');
    expect(branches.value.map((item) => item.nodes[0]?.id)).toEqual(['n2/branches.0/n0', 'n2/branches.1/n0']);
  });

  it('functions', async () => {
    const bytes = model({
      ...IO,
      opset: { '': 21, custom: 1 },
      nodes: [node('Leaky', ['x'], ['y'], { slope: float(0.1) }, { domain: 'custom', overload: 'a' })],
      functions: [
        localFunction({
          name: 'Leaky',
          domain: 'custom',
          overload: 'a',
          inputs: ['in'],
          outputs: ['out'],
          attributes: ['slope'],
          defaults: { bias: float(1) },
          nodes: [node('LeakyRelu', ['in'], ['out'], { alpha: reference('slope', AttributeProto_AttributeType.FLOAT) })],
          opset: 17,
          values: [value('out', 'float32', null)],
          metadata: { from: 'test' },
        }),
      ],
    });
    const read = await open(bytes);
    expect(read.findings).toEqual([]);
    expect(read.functions).toEqual([
      {
        name: 'Leaky',
        domain: 'custom',
        overload: 'a',
        inputs: ['in'],
        outputs: ['out'],
        attributes: ['slope'],
        defaults: { bias: { kind: 'float', value: 1 } },
        opsets: { '': 17 },
        nodes: [
          {
            id: 'f:custom:Leaky:a/n0',
            name: '',
            op: 'LeakyRelu',
            domain: '',
            inputs: ['in'],
            outputs: ['out'],
            attributes: { alpha: { kind: 'reference', value: 'slope' } },
          },
        ],
        values: [{ name: 'out', type: { kind: 'tensor', dtype: 'float32', shape: null } }],
        metadata: { from: 'test' },
      },
    ]);
  });

  it('declared intermediate types, sparse and string initialisers, quantisation and graph metadata', async () => {
    const bytes = model({
      ...IO,
      nodes: [node('Op', ['x', 'w', 'labels'], ['y'])],
      values: [value('y', 'float32', [1])],
      initializers: [stringTensor('labels', [2], ['cat', 'dog']), tensor('s', 'float32', [], [0.5])],
      sparseInitializers: [sparse(tensor('w', 'float32', [2], [1, 2]), tensor('', 'int64', [2], [0, 3]), [2, 2])],
      quantization: { y: { SCALE_TENSOR: 's' } },
      metadata: { stage: 'backbone' },
      name: 'main',
      doc: 'The graph.',
    });
    const { graph: read, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect(read).toMatchObject({
      name: 'main',
      doc: 'The graph.',
      values: [{ name: 'y' }],
      sparseInitializers: [{ name: 'w', shape: [2, 2], values: { shape: [2] }, indices: { dtype: 'int64', shape: [2] } }],
      quantization: [{ tensor: 'y', parameters: { SCALE_TENSOR: 's' } }],
      metadata: { stage: 'backbone' },
    });
  });

  it('survives a structured clone unchanged, and carries none of the file with it', async () => {
    const bytes = model({ ...IO, nodes: [node('Op', ['x', 'w'], ['y'])], initializers: [tensor('w', 'int8', [2], [1, 2])] });
    const read = await open(bytes);
    expect(structuredClone(read)).toEqual(read);
    const storage = read.graph.initializers[0]?.storage;
    expect(storage?.kind === 'inline' && storage.data.buffer.byteLength).toBe(2);
  });
});

describe('findings about versions', () => {
  const nodes = [node('Relu', ['x'], ['y'])];

  it('an IR version and an opset newer than are known', async () => {
    const { findings } = await open(model({ ...IO, nodes, ir: 99, opset: 999 }));
    expect(findings).toEqual([
      { code: 'ir-version', message: expect.stringMatching(/IR version 99.*14/) },
      { code: 'opset-version', message: expect.stringMatching(/opset 999 of ai\.onnx; 28/) },
    ]);
  });

  it('no IR version at all', async () => {
    const { findings } = await open(model({ ...IO, nodes, extra: { irVersion: 0n } }));
    expect(findings).toMatchObject([{ severity: 'error', code: 'ir-version' }]);
  });

  it('training information', async () => {
    const { findings } = await open(model({ ...IO, nodes, extra: { trainingInfo: [{}] } }));
    expect(codes(findings)).toEqual(['training-info']);
  });

  it('an attribute too long to keep', async () => {
    const blob = 'x'.repeat(2 ** 20);
    const read = await open(model({ ...IO, nodes: [node('EPContext', ['x'], ['y'], { ep_cache_context: blob, main: 1 })] }));
    expect(read.findings).toEqual([
      { code: 'large-attribute', message: 'Attribute "ep_cache_context" holds 1048576 bytes, which are not shown.', node: 'n0' },
    ]);
    expect(read.graph.nodes[0]?.attributes).toEqual({
      ep_cache_context: { kind: 'string', value: '' },
      main: { kind: 'int', value: 1 },
    });
  });
});
