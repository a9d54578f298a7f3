import { type ByteSource, FormatError, LIMITS, LimitError } from '../../bytes';
import type { Checkpoint, Tensor } from '../../model';
import { FindingList } from '../findings';
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
 * Lists the tensors of a checkpoint. What is wrong with one of them is a finding where others can be shown.
 * @throws FormatError where the header is damaged or no tensor of it can be read, LimitError for a header that is too long.
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
  const header = await source.read(LENGTH_BYTES, length);
  const { __metadata__: metadata, ...tensors } = parse(header);
  const findings = new FindingList();
  const names = Object.entries(tensors);
  if (entriesOf(header) > names.length + (metadata === undefined ? 0 : 1)) {
    findings.error('duplicate-tensor', 'The header names a tensor more than once; loaders take the last, which is shown.');
  }
  const entries = readEntries(names, data, findings);
  checkPlaces(entries, source.size - data, findings);
  return {
    format: 'safetensors',
    formatVersion: '',
    metadata: metadataOf(metadata, findings),
    tensors: entries.map((entry) => inReach(entry, source.size - data, findings)),
    externalFiles: [],
    findings: findings.list(),
  };
}

/** @throws FormatError where there are tensors and none of them can be read */
function readEntries(tensors: readonly (readonly [string, unknown])[], data: number, findings: FindingList): readonly Entry[] {
  const entries: Entry[] = [];
  let first: FormatError | undefined;
  for (const [name, value] of tensors) {
    try {
      entries.push(entryOf(name, value, data));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      first ??= error;
      findings.error('tensor', sentence(error));
    }
  }
  if (first !== undefined && entries.length === 0) throw first;
  return entries;
}

/** A fault as a sentence of its own: what follows "The file is damaged: ". */
function sentence({ message }: FormatError): string {
  return message.replace(/^The file is damaged: (.)/, (_, letter: string) => letter.toUpperCase());
}

/** The tensor, without its values where the file ends before them. */
function inReach({ tensor, end }: Entry, size: number, findings: FindingList): Tensor {
  if (end <= size) return tensor;
  const reason = `Tensor "${tensor.name}" ends at byte ${end} of the data, of which the file has ${size}; it is cut short.`;
  findings.error('tensor-place', reason);
  return { ...tensor, storage: { kind: 'missing', reason } };
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
function checkPlaces(entries: readonly Entry[], size: number, findings: FindingList): void {
  let at = 0;
  let last = '';
  for (const { tensor, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      const before = last === '' ? 'the data begin at 0' : `"${last}" ends at ${at}`;
      findings.error('places', `Tensor "${tensor.name}" begins at byte ${begin} of the data, where ${before}; loaders refuse such a file.`);
    }
    at = Math.max(at, end);
    last = tensor.name;
  }
  if (at < size)
    findings.error('places', `The tensors take ${at} bytes of data, and ${size} follow the header; loaders refuse such a file.`);
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/** Entries that a JSON object has as it is written: a parser keeps the last of those with one name. */
function entriesOf(json: Uint8Array): number {
  let entries = 0;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfText(json, at + 1);
    else if (byte === COLON) entries += depth === 1 ? 1 : 0;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
  }
  return entries;
}

/** Where the quotation mark is that ends a text. */
function endOfText(json: Uint8Array, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
