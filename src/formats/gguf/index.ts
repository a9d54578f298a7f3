import { type ByteSource, FormatError, LIMITS, LimitError } from '../../bytes';
import type { Checkpoint } from '../../model';
import { FindingList } from '../findings';
import type { Format } from '../format';
import { readValue } from './metadata';
import { Stream } from './stream';
import { readEntries, tensorsOf } from './tensors';

const MAGIC = [0x47, 0x47, 0x55, 0x46];
const ALIGNMENT_KEY = 'general.alignment';
const ALIGNMENT = 32;

/** ggml's GGUF, versions 1 to 3: metadata and the list of tensors, in either byte order. Nothing else is read. */
export const gguf: Format = {
  id: 'gguf',
  extensions: ['.gguf'],
  matches: (head) => MAGIC.every((byte, index) => head[index] === byte),
  open: readGguf,
};

/**
 * Lists metadata and tensors.
 * @throws FormatError where the header is damaged; LimitError for more metadata or tensors than are read.
 */
async function readGguf(source: ByteSource): Promise<Checkpoint> {
  const findings = new FindingList();
  const stream = new Stream(source);
  const version = await readVersion(stream);
  const tensorCount = await stream.count('the number of its tensors');
  const metadata = await readMetadata(stream, await stream.count('the number of its metadata'), findings);
  const entries = await readEntries(stream, tensorCount);
  const alignment = alignmentOf(metadata.get(ALIGNMENT_KEY), findings);
  const start = Math.ceil(stream.position / alignment) * alignment;
  const tensors = tensorsOf(entries, { start, end: source.size, littleEndian: stream.littleEndian }, findings);
  return {
    format: 'gguf',
    formatVersion: String(version),
    metadata: Object.fromEntries(metadata),
    tensors,
    externalFiles: [],
    findings: findings.list(),
  };
}

/** A version that only makes sense the other way round is of a big-endian file. */
async function readVersion(stream: Stream): Promise<number> {
  await stream.uint32('its first bytes');
  await stream.need(4, 'its version');
  const [little, big] = stream.take(4, (at, view) => [view.getUint32(at, true), view.getUint32(at, false)] as const);
  stream.littleEndian = (little & 0xffff) !== 0;
  const version = stream.littleEndian ? little : big;
  if (version < 1 || version > 3)
    throw new FormatError(`The file is a GGUF file of version ${version}; 1 to 3 are known.`, { format: 'gguf', offset: 4 });
  stream.wide = version > 1;
  return version;
}

async function readMetadata(stream: Stream, count: number, findings: FindingList): Promise<ReadonlyMap<string, string>> {
  if (count > LIMITS.metadataEntries) {
    const message = `The file has ${count} entries of metadata; at most ${LIMITS.metadataEntries} are read.`;
    throw new LimitError(message, { name: 'metadataEntries', value: LIMITS.metadataEntries });
  }
  const metadata = new Map<string, string>();
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    const key = await stream.text(LIMITS.stringBytes, `the name of entry ${index} of its metadata`);
    if (key === null) throw stream.damaged(`the name of entry ${index} of its metadata is longer than ${LIMITS.stringBytes} bytes`);
    const value = await readValue(stream, key);
    kept += key.length + value.length;
    if (kept > LIMITS.textBytes) {
      const message = `The metadata are longer than ${LIMITS.textBytes} bytes, which is as much as is read here.`;
      throw new LimitError(message, { name: 'textBytes', value: LIMITS.textBytes });
    }
    if (metadata.has(key)) findings.error('duplicate-key', `Two entries of the metadata are called "${key}"; the first is shown.`);
    else metadata.set(key, value);
  }
  return metadata;
}

function alignmentOf(text: string | undefined, findings: FindingList): number {
  if (text === undefined) return ALIGNMENT;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0 && Number.isInteger(Math.log2(value))) return value;
  findings.error('alignment', `"${ALIGNMENT_KEY}" is ${text}, which is no power of two; ${ALIGNMENT} is taken.`);
  return ALIGNMENT;
}
