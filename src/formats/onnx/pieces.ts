import { type ByteSource, LIMITS } from '../../bytes';
import { decodeInto } from '../protobuf/decode';
import { orDamaged } from '../protobuf/faults';
import { dropLocated, type Located, locatedIn } from '../protobuf/located';
import { WireType } from '../protobuf/schema';
import { writeVarint } from '../protobuf/wire';
import { RAW_DATA, STRING_DATA } from './packTyped';
import { tensorSchema } from './schema';
import type { TensorProto } from './schema/onnx-ml_pb';

/**
 * Protobuf lets a writer give a list in several pieces, packed or not. No exporter does, but where one did and some
 * pieces were left in the file, they are read here and put back behind those that were not, so that the tensor is whole.
 */
export async function gatherPieces(tensors: readonly TensorProto[], located: readonly Located[], source: ByteSource): Promise<void> {
  for (const tensor of tensors) {
    const pieces = locatedIn(tensor, located);
    if (!inPieces(tensor, pieces)) continue;
    if (pieces.reduce((sum, piece) => sum + piece.length, 0) > LIMITS.gatheredBytes) continue;
    for (const { field, offset, length } of pieces) {
      const piece = fieldOf(field, await source.read(offset, length));
      orDamaged(() => decodeInto(tensorSchema(), tensor, piece));
    }
    dropLocated(tensor);
  }
}

/** A length-delimited field as it stands in a message. */
function fieldOf(number: number, content: Uint8Array): Uint8Array {
  const header = [...writeVarint(number * 8 + WireType.LengthDelimited), ...writeVarint(content.length)];
  const bytes = new Uint8Array(header.length + content.length);
  bytes.set(header);
  bytes.set(content, header.length);
  return bytes;
}

/** True when a list of numbers is partly in the message and partly left, or left in more than one piece. Of `raw_data` the last one counts. */
export function inPieces(tensor: TensorProto, pieces: readonly Located[]): boolean {
  const lists = pieces.filter(({ field }) => field !== RAW_DATA && field !== STRING_DATA);
  if (lists.length === 0) return false;
  return lists.length > 1 || hasNumbers(tensor);
}

function hasNumbers({ floatData, int32Data, int64Data, doubleData, uint64Data }: TensorProto): boolean {
  return [floatData, int32Data, int64Data, doubleData, uint64Data].some((list) => list.length > 0);
}
