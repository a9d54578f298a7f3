/**
 * A JPEG with a header that asks for two more rows of coded blocks than it says (of one the decoder does not tell), `null` where it could not. What a
 * decoder finds then shows whether the header leaves out rows that the file has: the picture would be cut there.
 */
export function withMoreRows(jpeg: Uint8Array): { readonly bytes: Uint8Array; readonly rows: number } | null {
  const at = frameHeader(jpeg);
  if (at === null) return null;
  const rows = ((jpeg[at + 5] ?? 0) << 8) + (jpeg[at + 6] ?? 0);
  const more = rows + 2 * blockRows(jpeg, at);
  if (rows === 0 || more > 0xffff) return null;
  // Not `slice`, which of a Buffer is the very same bytes.
  const bytes = new Uint8Array(jpeg);
  bytes[at + 5] = more >> 8;
  bytes[at + 6] = more & 0xff;
  return { bytes, rows: more };
}

const SKIPPED = /\d+ extraneous bytes before marker/;

/**
 * Whether a file has more rows than its header says, by what the decoder warned of ('' for nothing) as it stands and
 * asked for more rows. Of an honest file the data ends then. Of the scans of a progressive one that lies it skips less.
 */
export function hasMoreRows(asIs: string, askedForMore: string): boolean {
  if (askedForMore === '') return true;
  const skipped = asIs.match(SKIPPED)?.[0];
  const skippedThen = askedForMore.match(SKIPPED)?.[0];
  return skipped !== undefined && skippedThen !== undefined && skipped !== skippedThen;
}

/** Rows of pixels in one row of coded blocks: eight, times the largest vertical sampling of a component. */
function blockRows(jpeg: Uint8Array, at: number): number {
  const components = jpeg[at + 9] ?? 0;
  let most = 1;
  for (let component = 0; component < components; component++) most = Math.max(most, (jpeg[at + 11 + 3 * component] ?? 0) & 0x0f);
  return 8 * most;
}

/** Place of the marker of the frame header (SOF), which gives rows and columns. */
function frameHeader(jpeg: Uint8Array): number | null {
  for (let at = 2; at + 9 < jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return at;
    // Scans follow the frame header; markers without a length stand nowhere before it.
    if (marker === 0xda || (marker >= 0xd0 && marker <= 0xd9)) return null;
    at += 2 + ((jpeg[at + 2] ?? 0) << 8) + (jpeg[at + 3] ?? 0);
  }
  return null;
}
