import { type DescField, fromBinary, type Message } from '@bufbuild/protobuf';
import { type ByteSource, FormatError, LIMITS } from '../../bytes';
import type { Model } from '../../model';
import { FindingList } from '../findings';
import type { OpenOptions } from '../format';
import { type LeavePolicy, type MessagePlan, planOf } from '../protobuf/plan';
import { locatedIn, scanSkeleton } from '../protobuf/skeleton';
import type { Context } from './context';
import { ExternalFiles } from './external';
import { toFunction, toGraph, toOpsets } from './graph';
import { toRecord } from './properties';
import { type ModelProto, ModelProtoSchema } from './schema/onnx-ml_pb';
import { externalLocations } from './tensors';

/** Numbers and bytes of tensors stay in the file when they are long; so do the strings of large string tensors. */
const POLICY: LeavePolicy = {
  leave: (field: DescField) =>
    field.parent.typeName === 'onnx.TensorProto' &&
    (field.name === 'raw_data' || (field.fieldKind === 'list' && field.listKind === 'scalar' && field.name.endsWith('_data'))),
  leaveRun: (field: DescField) => field.parent.typeName === 'onnx.TensorProto' && field.name === 'string_data',
};

let plan: MessagePlan | undefined;

/**
 * Reads an ONNX model without its weights: tensors become ranges of the file or of files beside it.
 * @throws FormatError, LimitError
 */
export async function readOnnx(source: ByteSource, options: OpenOptions): Promise<Model> {
  plan ??= planOf(ModelProtoSchema, POLICY);
  const skeleton = await scanSkeleton(source, plan, options.signal);
  const proto = fromBinary(ModelProtoSchema, skeleton.bytes, { recursionLimit: LIMITS.messageDepth + 1 });
  if (proto.graph === undefined) throw new FormatError('The file is no ONNX model: it holds no graph.', { format: 'onnx', field: 'graph' });
  const findings = new FindingList();
  const externals = await ExternalFiles.find(externalLocations(proto), options.openSibling, findings);
  const context: Context = {
    findings,
    externals,
    located: (message: Message) => locatedIn(message, skeleton.located),
    gathered: new Map(),
  };
  return toModel(proto, context);
}

function toModel(proto: ModelProto, context: Context): Model {
  const graph = proto.graph;
  if (graph === undefined) throw new Error('checked above');
  const parts = {
    format: 'onnx',
    formatVersion: String(proto.irVersion),
    producer: proto.producerName,
    producerVersion: proto.producerVersion,
    domain: proto.domain,
    modelVersion: String(proto.modelVersion),
    doc: proto.docString,
    opsets: toOpsets(proto.opsetImport),
    metadata: toRecord(proto.metadataProps),
    graph: toGraph(graph, '', context),
    functions: proto.functions.map((item) => toFunction(item, context)),
    externalFiles: context.externals.list(),
  };
  return { ...parts, findings: context.findings.list() };
}
