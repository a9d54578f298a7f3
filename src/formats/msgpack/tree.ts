import { LIMITS, LimitError } from '../../bytes';
import type { Tensor } from '../../model';
import type { ByteStream } from '../byteStream';
import type { FindingList } from '../findings';
import { readArray, type StoredArray, tensorOf } from './arrays';
import { type Head, readHead, readText } from './values';

const NDARRAY = 1;
const COMPLEX = 2;
const SCALAR = 3;
/** Flax cuts arrays of more than 2^30 bytes, and marks what it puts in their place. */
const CUT = '__msgpack_chunked_array__';

/** Tensors and texts of a tree, by their paths. */
export interface Tree {
  readonly tensors: Map<string, Tensor>;
  readonly texts: Map<string, string>;
}

/** Goes over a tree of maps, lists and arrays, in the file's order; `tree` keeps what was read before a fault. */
export class TreeReader {
  readonly tree: Tree = { tensors: new Map(), texts: new Map() };
  private values = 0;
  private kept = 0;

  constructor(
    private readonly stream: ByteStream,
    private readonly findings: FindingList,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @throws FormatError where the file is damaged, LimitError for a tree that is too large or too deep. */
  async read(path: string, depth: number): Promise<void> {
    this.values += 1;
    if (this.values % 4096 === 0) this.signal?.throwIfAborted();
    if (this.values > LIMITS.messages)
      throw limit('messages', LIMITS.messages, `has more than ${LIMITS.messages} values, which is as many as are read here`);
    if (depth > LIMITS.messageDepth) throw limit('messageDepth', LIMITS.messageDepth, `nests more than ${LIMITS.messageDepth} values`);
    const head = await readHead(this.stream);
    switch (head.kind) {
      case 'map':
        return this.readMap(path, head.count, depth);
      case 'list':
        for (let index = 0, count = this.counted(head.count, 1); index < count; index += 1)
          await this.read(join(path, String(index)), depth + 1);
        return;
      case 'extension':
        return this.readExtension(path, head);
      case 'text': {
        const text = await readText(this.stream, head.length);
        this.keepText(path, text ?? `a text of ${head.length} bytes`);
        return;
      }
      case 'bytes':
        this.keepText(path, `${head.length} bytes`);
        this.stream.skip(head.length, `the bytes of "${path}"`);
        return;
      default:
        this.keepScalar(path, head);
    }
  }

  private async readMap(path: string, count: number, depth: number): Promise<void> {
    this.counted(count, 2);
    for (let index = 0; index < count; index += 1) {
      const key = await this.key(path);
      if (key === CUT) return this.readCut(path, count - 1);
      await this.read(join(path, key), depth + 1);
    }
  }

  /** An array in pieces: its shape and its pieces are maps from numbers. */
  private async readCut(path: string, entries: number): Promise<void> {
    await readHead(this.stream);
    const shape: number[] = [];
    const pieces: StoredArray[] = [];
    for (let entry = 0; entry < entries; entry += 1) {
      const key = await this.key(path);
      const map = await readHead(this.stream);
      if (map.kind !== 'map') throw this.stream.damaged(`the pieces of array "${path}" are no map`);
      this.counted(map.count, 2);
      for (let index = 0; index < map.count; index += 1) {
        await this.key(path);
        const head = await readHead(this.stream);
        if (key === 'shape' && head.kind === 'int') shape.push(Number(head.value));
        else if (key === 'chunks' && head.kind === 'extension') {
          const piece = await readArray(this.stream, head);
          if (piece) pieces.push(piece);
        } else throw this.stream.damaged(`array "${path}" is in pieces that cannot be read`);
      }
    }
    if (shape.some((extent) => !Number.isSafeInteger(extent) || extent < 0))
      throw this.stream.damaged(`array "${path}" has a shape that is none`);
    this.keep(tensorOf(path, shape, pieces));
  }

  private async key(path: string): Promise<string> {
    const head = await readHead(this.stream);
    if (head.kind === 'text' || head.kind === 'bytes') {
      const text = await readText(this.stream, head.length);
      if (text !== null) return text;
    } else if (head.kind === 'int') return String(head.value);
    throw this.stream.damaged(`"${path}" has an entry whose name is no text`);
  }

  /** A count that the rest of the file can hold: every value takes a byte at the least. */
  private counted(count: number, each: number): number {
    const { left } = this.stream;
    if (count * each > left) throw this.stream.damaged(`a list of ${count} values begins, and ${left} bytes are there`);
    return count;
  }

  private async readExtension(path: string, head: Extract<Head, { kind: 'extension' }>): Promise<void> {
    if (head.type === NDARRAY || head.type === SCALAR) {
      const start = this.stream.position;
      const array = await readArray(this.stream, head);
      if (array) this.keep(tensorOf(path, array.shape, [array]));
      else this.findings.error('msgpack-array', `"${path}" is no array that can be read (byte ${start}).`);
      return;
    }
    if (head.type === COMPLEX && head.length === 19) {
      const end = this.stream.position + head.length;
      await readHead(this.stream);
      const parts = [await readHead(this.stream), await readHead(this.stream)].map((part) =>
        'value' in part ? Number(part.value) : Number.NaN,
      );
      this.stream.skip(Math.max(0, end - this.stream.position), 'a complex number');
      this.keepInline(path, 'complex128', new Float64Array(parts));
      return;
    }
    this.stream.skip(head.length, `the extension of "${path}"`);
    this.findings.warn('msgpack-extension', `"${path}" is an extension of type ${head.type}, which is not known.`);
  }

  private keepScalar(path: string, head: Head): void {
    if (head.kind === 'bool') this.keepInline(path, 'bool', Uint8Array.of(head.value ? 1 : 0));
    else if (head.kind === 'float') this.keepInline(path, 'float64', Float64Array.of(head.value));
    else if (head.kind === 'int') {
      const signed = head.value < 2n ** 63n;
      this.keepInline(path, signed ? 'int64' : 'uint64', signed ? BigInt64Array.of(head.value) : BigUint64Array.of(head.value));
    }
  }

  private keepInline(name: string, dtype: Tensor['dtype'], values: ArrayBufferView): void {
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.keep({ name, dtype, shape: [], storage: { kind: 'inline', data } });
  }

  private keep(tensor: Tensor): void {
    const { tensors } = this.tree;
    if (tensors.has(tensor.name)) {
      this.findings.error('duplicate-tensor', `Two arrays are called "${tensor.name}"; the first is shown.`);
      return;
    }
    if (tensors.size >= LIMITS.tensors)
      throw limit('tensors', LIMITS.tensors, `has more than ${LIMITS.tensors} arrays, which is as many as are read here`);
    if (tensor.storage.kind === 'missing') this.findings.error('tensor-place', tensor.storage.reason);
    this.count(tensor.name.length);
    tensors.set(tensor.name, tensor);
  }

  private keepText(path: string, text: string): void {
    this.count(path.length + text.length);
    if (this.tree.texts.size < LIMITS.metadataEntries) this.tree.texts.set(path, text);
  }

  /** Paths repeat the names above them: a deep tree of long names is many times its file. */
  private count(characters: number): void {
    this.kept += characters;
    if (this.kept > LIMITS.textBytes)
      throw limit('textBytes', LIMITS.textBytes, `has more than ${LIMITS.textBytes} bytes of names and texts`);
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}/${key}`;
}

function limit(name: string, value: number, what: string): LimitError {
  return new LimitError(`The file ${what}.`, { name, value });
}
