import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { type GraphProto, type ModelProto, ModelProtoSchema } from '../../../../src/formats/onnx/schema/onnx-ml_pb';
import { openModel } from '../../../../src/formats/registry';
import { readTensor } from '../../../../src/formats/tensorValues';
import type { Graph, Model } from '../../../../src/model';

/** ONNX's own backend tests, from Debian's libonnx-testdata. */
const ROOT = '/usr/share/libonnx-testdata/data';

describe.skipIf(!existsSync(ROOT))('every model of ONNX backend tests (apt-get install libonnx-testdata)', () => {
  const paths = existsSync(ROOT) ? readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.onnx')) : [];

  it('finds them', () => {
    expect(paths.length).toBeGreaterThan(1000);
  });

  it('reads the same as a full decode, and finds nothing wrong', async () => {
    for (const path of paths) {
      const bytes = new Uint8Array(readFileSync(join(ROOT, path)));
      const model = await openModel(new BufferSource(bytes), { name: path });
      expect(model.findings, path).toEqual([]);
      expect(summaryOfModel(model), path).toEqual(summaryOfProto(fromBinary(ModelProtoSchema, bytes)));
    }
  });

  it('reads the elements of every initialiser that a full decode gives', async () => {
    let compared = 0;
    for (const path of paths) {
      const bytes = new Uint8Array(readFileSync(join(ROOT, path)));
      const source = new BufferSource(bytes);
      const model = await openModel(source, { name: path });
      const protos = fromBinary(ModelProtoSchema, bytes).graph?.initializer ?? [];
      for (const [index, tensor] of model.graph.initializers.entries()) {
        const proto = protos[index];
        if (proto === undefined || tensor.dtype === 'string') continue;
        const { values } = await readTensor(tensor, { model: source });
        const typed = [...proto.floatData, ...proto.int32Data, ...proto.int64Data, ...proto.doubleData, ...proto.uint64Data];
        if (typed.length > 0) expect([...values], `${path} ${tensor.name}`).toEqual(typed);
        else expect(Buffer.compare(Buffer.from(values.buffer), proto.rawData), `${path} ${tensor.name}`).toBe(0);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(90);
  });
});

function summaryOfModel(model: Model): unknown {
  return {
    ir: model.formatVersion,
    opsets: model.opsets,
    graph: summaryOfGraph(model.graph),
    functions: model.functions.map((item) => [item.name, item.inputs, item.outputs, item.nodes.map((node) => node.op)]),
  };
}

function summaryOfGraph(graph: Graph): unknown {
  return {
    name: graph.name,
    inputs: graph.inputs.map((value) => value.name),
    outputs: graph.outputs.map((value) => value.name),
    values: graph.values.map((value) => value.name),
    initializers: graph.initializers.map((tensor) => [tensor.name, tensor.shape]),
    nodes: graph.nodes.map((node) => [node.op, node.name, node.inputs, node.outputs, attributeNames(Object.keys(node.attributes))]),
    inner: graph.nodes.flatMap((node) =>
      Object.values(node.attributes).flatMap((attribute) => (attribute.kind === 'graph' ? [summaryOfGraph(attribute.value)] : [])),
    ),
  };
}

function summaryOfProto(proto: ModelProto): unknown {
  return {
    ir: String(proto.irVersion),
    opsets: Object.fromEntries(proto.opsetImport.map(({ domain, version }) => [domain === 'ai.onnx' ? '' : domain, Number(version)])),
    graph: proto.graph && summaryOfGraphProto(proto.graph),
    functions: proto.functions.map((item) => [item.name, item.input, item.output, item.node.map((node) => node.opType)]),
  };
}

function summaryOfGraphProto(graph: GraphProto): unknown {
  return {
    name: graph.name,
    inputs: graph.input.map((value) => value.name),
    outputs: graph.output.map((value) => value.name),
    values: graph.valueInfo.map((value) => value.name),
    initializers: graph.initializer.map((tensor) => [tensor.name, tensor.dims.map(Number)]),
    nodes: graph.node.map((node) => [
      node.opType,
      node.name,
      node.input,
      node.output,
      attributeNames(node.attribute.map((attribute) => attribute.name)),
    ]),
    inner: graph.node.flatMap((node) => node.attribute.flatMap((attribute) => (attribute.g ? [summaryOfGraphProto(attribute.g)] : []))),
  };
}

function attributeNames(names: readonly string[]): readonly string[] {
  return [...names].sort();
}
