/** Typed arrays on their way through JSON: VS Code clones them, Playwright does not. */
interface Packed {
  readonly $array: string;
  readonly base64: string;
}

/** JSON in which every typed array stands as its name and its bytes; a Node Buffer counts as a Uint8Array, as VS Code delivers it. */
export function pack(message: unknown): string {
  return JSON.stringify(message, function (this: Record<string, unknown>, key: string, value: unknown) {
    const original = this[key]; // a Buffer's toJSON has already turned `value` into something else
    if (!ArrayBuffer.isView(original)) return value;
    const name = original instanceof Uint8Array ? 'Uint8Array' : original.constructor.name;
    return { $array: name, base64: toBase64(new Uint8Array(original.buffer, original.byteOffset, original.byteLength)) } satisfies Packed;
  });
}

export function unpack(packed: string): unknown {
  return JSON.parse(packed, (_key, value: unknown) => {
    if (!isPacked(value)) return value;
    const bytes = Uint8Array.from(atob(value.base64), (character) => character.charCodeAt(0));
    if (value.$array === 'Uint8Array') return bytes;
    const ArrayType = (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>)[value.$array];
    if (!ArrayType) throw new Error(`No such typed array: ${value.$array}`);
    return new ArrayType(bytes.buffer);
  });
}

function isPacked(value: unknown): value is Packed {
  return typeof value === 'object' && value !== null && '$array' in value;
}

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(parts.join(''));
}
