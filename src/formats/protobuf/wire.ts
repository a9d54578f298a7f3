/** Result of the last `readVarint`: its value and the position after it. One object, so that reading allocates nothing. */
export interface VarintCursor {
  value: number;
  next: number;
}

/**
 * Reads an unsigned varint of up to 10 bytes at `at`. Values past 2^53 lose their low bits, which suits lengths (any of
 * that size is refused) and tags (which are below 2^32). False when it does not end before `end` or within 10 bytes.
 */
export function readVarint(bytes: Uint8Array, at: number, end: number, cursor: VarintCursor): boolean {
  let value = 0;
  let scale = 1;
  const last = Math.min(end, at + 10);
  for (let index = at; index < last; index += 1) {
    const byte = bytes[index] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) {
      cursor.value = value;
      cursor.next = index + 1;
      return true;
    }
    scale *= 128;
  }
  return false;
}

/** The varint of a non-negative safe integer. */
export function writeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}
