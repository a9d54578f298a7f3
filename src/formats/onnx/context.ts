import type { FindingList } from '../findings';
import type { Located } from '../protobuf/skeleton';
import type { ExternalFiles } from './external';
import type { TensorProto } from './schema/onnx-ml_pb';

/** What turning messages into a `Model` needs beside the messages. */
export interface Context {
  readonly findings: FindingList;
  readonly externals: ExternalFiles;
  /** Fields of a tensor that were left in the file. */
  readonly located: (tensor: TensorProto) => readonly Located[];
  /** Packed elements of the rare tensors whose field the file gives in several pieces. */
  readonly gathered: ReadonlyMap<TensorProto, Uint8Array>;
}
