import type { FindingList } from '../findings';
import type { Located } from '../protobuf/located';
import type { ExternalFiles } from './external';
import type { AttributeProto, TensorProto } from './schema/onnx-ml_pb';

/** What turning messages into a `Model` needs beside the messages. */
export interface Context {
  readonly findings: FindingList;
  readonly externals: ExternalFiles;
  /** Elements of small tensors beside the model that were fetched. */
  readonly fetched: ReadonlyMap<TensorProto, Uint8Array>;
  /** Fields of a tensor or an attribute that were left in the file. */
  readonly located: (message: TensorProto | AttributeProto) => readonly Located[];
}
