import { BufferSource, type ByteSource, type SiblingOpener } from '../../../src/bytes';
import { openModel } from '../../../src/formats/registry';
import type { Finding, Model, Tensor } from '../../../src/model';

/** Opens model bytes, with other files beside them in memory. */
export function open(bytes: Uint8Array, beside: Readonly<Record<string, Uint8Array>> = {}, name = 'model.onnx'): Promise<Model> {
  return openModel(new BufferSource(bytes), { name, openSibling: siblings(beside) });
}

export function siblings(files: Readonly<Record<string, Uint8Array>>): SiblingOpener {
  return async (path) => {
    const bytes = files[path];
    return bytes === undefined ? null : new BufferSource(bytes);
  };
}

/** Counts what is read. */
export class CountingSource implements ByteSource {
  bytesRead = 0;
  reads = 0;

  constructor(private readonly inner: ByteSource) {}

  get size(): number {
    return this.inner.size;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    this.bytesRead += length;
    this.reads += 1;
    return this.inner.read(offset, length);
  }
}

/** Zeros everywhere but in a few places: a file of any size without its bytes. */
export class SparseSource implements ByteSource {
  constructor(
    readonly size: number,
    private readonly places: readonly { readonly offset: number; readonly bytes: Uint8Array }[],
  ) {}

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < 0 || offset + length > this.size) throw new Error(`read of ${length} at ${offset} passes the end`);
    const result = new Uint8Array(length);
    for (const { offset: start, bytes } of this.places) {
      const from = Math.max(start, offset);
      const to = Math.min(start + bytes.length, offset + length);
      if (from < to) result.set(bytes.subarray(from - start, to - start), from - offset);
    }
    return result;
  }
}

export function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

export function initializer(model: Model, name: string): Tensor {
  const tensor = model.graph.initializers.find((candidate) => candidate.name === name);
  if (!tensor) throw new Error(`no initializer ${name}`);
  return tensor;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
