import type { Message } from '@bufbuild/protobuf';
import { type ByteSource, FormatError, LIMITS } from '../../bytes';
import type { Model } from '../../model';
import { FindingList } from '../findings';
import type { OpenOptions } from '../format';
import { decode } from '../protobuf/decode';
import { orDamaged } from '../protobuf/faults';
import { locatedIn } from '../protobuf/located';
import { type LeavePolicy, type MessagePlan, planOf } from '../protobuf/plan';
import type { FieldSchema } from '../protobuf/schema';
import { scanSkeleton } from '../protobuf/skeleton';
import { validate } from '../validate';
import type { Context } from './context';
import { ExternalFiles } from './external';
import { toFunction, toGraph, toOpsets } from './graph';
import { ONNX_LIMITS } from './limits';
import { gatherPieces } from './pieces';
import { toRecord } from './properties';
import { modelSchema } from './schema';
import type { ModelProto } from './schema/onnx-ml_pb';
import { readSmallExternals } from './smallExternals';
import { externalLocations, tensorsOf } from './tensors';
import { checkVersions } from './versions';

/** Numbers and bytes of tensors stay in the file when they are long; so do the strings of large string tensors. */
const POLICY: LeavePolicy = {
  leave: ({ parent, name, fieldKind }: FieldSchema) => {
    if (parent.typeName === 'onnx.AttributeProto' && name === 's') return LIMITS.stringBytes;
    const holdsValues = name === 'raw_data' || (fieldKind === 'list' && name.endsWith('_data') && name !== 'external_data');
    return parent.typeName === 'onnx.TensorProto' && holdsValues ? LIMITS.inlineTensorBytes : Number.POSITIVE_INFINITY;
  },
  leaveRun: (field: FieldSchema) => field.parent.typeName === 'onnx.TensorProto' && field.name === 'string_data',
};

let plan: MessagePlan | undefined;

/**
 * Reads an ONNX model without its weights: tensors become ranges of the file or of files beside it.
 * @throws FormatError, LimitError
 */
export async function readOnnx(source: ByteSource, options: OpenOptions): Promise<Model> {
  plan ??= planOf(modelSchema(), POLICY);
  const skeleton = await scanSkeleton(source, plan, options.signal);
  const proto = orDamaged(() => decode(modelSchema(), skeleton.bytes, ONNX_LIMITS));
  if (proto.graph === undefined) throw new FormatError('The file is no ONNX model: it holds no graph.', { format: 'onnx', field: 'graph' });
  const tensors = tensorsOf(proto);
  await gatherPieces(tensors, skeleton.located, source);
  const findings = new FindingList();
  const externals = await ExternalFiles.find(externalLocations(tensors), options.openSibling, findings);
  const context: Context = {
    findings,
    externals,
    fetched: await readSmallExternals(tensors, externals, options.openSibling),
    located: (message: Message) => locatedIn(message, skeleton.located),
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
  checkVersions(proto, parts.opsets, context.findings);
  validate(parts, context.findings);
  return { ...parts, findings: context.findings.list() };
}
