const COMPRESSIONS: readonly (readonly [string, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['LZ4', [0x04, 0x22, 0x4d, 0x18]],
  ['RAR', [0x52, 0x61, 0x72, 0x21]],
  ['LZMA', [0x5d, 0x00, 0x00]],
  ['zlib', [0x78, 0x01]],
  ['zlib', [0x78, 0x5e]],
  ['zlib', [0x78, 0x9c]],
  ['zlib', [0x78, 0xda]],
];

/** How a file is compressed as a whole; `null` where it is not. */
export function compressionOf(head: Uint8Array): string | null {
  return COMPRESSIONS.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte))?.[0] ?? null;
}

/** Whether the first bytes are all printable ASCII or white space. */
export function isText(head: Uint8Array): boolean {
  return head.every((byte) => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13);
}

/** Whether bytes begin as a pickle of protocols 2 to 5, or of 0 and 1 with their rarer PROTO. */
export function beginsAsPickle(head: Uint8Array): boolean {
  const [mark, protocol] = head;
  return mark === 0x80 && protocol !== undefined && protocol <= 5;
}

/** Names that files of pickles go by. */
export const PICKLE_NAME = /\.(?:pkl|pickle|p|pk|pt|pth|ckpt|bin|joblib|dill|dat|data|sav|model|npy)$/i;
