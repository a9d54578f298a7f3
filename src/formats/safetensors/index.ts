import { type ByteSource, LIMITS, LimitError } from '../../bytes';
import type { Checkpoint } from '../../model';
import type { Format } from '../format';
import { damaged, type Entry, entryOf, isRecord, metadataOf } from './entries';

const LENGTH_BYTES = 8;
const BRACE = '{'.charCodeAt(0);

/** Hugging Face safetensors: a header of JSON behind its 8-byte length, then the tensors, without a hole. Nothing else is read. */
export const safetensors: Format = {
  id: 'safetensors',
  extensions: ['.safetensors'],
  // A length that may be, and the JSON object it counts.
  matches: (head) => head.length > LENGTH_BYTES && head[LENGTH_BYTES] === BRACE && headerLength(head) <= LIMITS.headerBytes,
  open: readSafetensors,
};

/**
 * Lists the tensors of a checkpoint.
 * @throws FormatError where the file breaks the format's rules, LimitError for a header that is too long.
 */
async function readSafetensors(source: ByteSource): Promise<Checkpoint> {
  if (source.size < LENGTH_BYTES) throw damaged(`it has ${source.size} bytes, fewer than the length of its header takes`);
  const length = headerLength(await source.read(0, LENGTH_BYTES));
  if (length > LIMITS.headerBytes) {
    throw new LimitError(`The header is ${length} bytes long; at most ${LIMITS.headerBytes} are read.`, {
      name: 'headerBytes',
      value: LIMITS.headerBytes,
    });
  }
  const data = LENGTH_BYTES + length;
  if (data > source.size) throw damaged(`its header ends at byte ${data}, and the file at byte ${source.size}`, source.size);
  const { __metadata__: metadata, ...tensors } = parse(await source.read(LENGTH_BYTES, length));
  const entries = Object.entries(tensors).map(([name, value]) => entryOf(name, value, data));
  checkPlaces(entries, source.size - data);
  return {
    format: 'safetensors',
    formatVersion: '',
    metadata: metadataOf(metadata),
    tensors: entries.map(({ tensor }) => tensor),
    externalFiles: [],
    findings: [],
  };
}

/** Little-endian, unsigned; exact as far as files reach. */
function headerLength(head: Uint8Array): number {
  return Number(new DataView(head.buffer, head.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
}

function parse(header: Uint8Array): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch {
    throw damaged('its header is not valid JSON', LENGTH_BYTES);
  }
  if (!isRecord(content)) throw damaged('its header is no JSON object', LENGTH_BYTES);
  return content;
}

/** Tensors lie one behind the other from the first byte to the last of `size`: what is between them would be hidden. */
function checkPlaces(entries: readonly Entry[], size: number): void {
  let at = 0;
  for (const { tensor, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw damaged(`tensor "${tensor.name}" begins at byte ${begin} of the data, where the one before it ends at ${at}`);
    at = end;
  }
  if (at !== size) throw damaged(`its tensors take ${at} bytes, and ${size} follow the header`);
}
