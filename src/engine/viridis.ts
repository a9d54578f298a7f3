/** Matplotlib's viridis (van der Walt and Smith, 2015; CC0): every fifth of its 256 sRGB entries. */
const STOPS =
  '44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a3a538b38598c355e8d33638d31688e2e6d8e2c718e' +
  '2a768e297b8e27808e25848e23898e218e8d20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac86465cb5e' +
  '70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725';

/** RGB of each of 256 levels, row-major [256, 3]. */
export const VIRIDIS: Uint8Array = build();

function build(): Uint8Array {
  const stops = Buffer.from(STOPS, 'hex');
  const last = stops.length / 3 - 1;
  const table = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) {
    const position = (level / 255) * last;
    const low = Math.min(last - 1, Math.floor(position));
    for (let channel = 0; channel < 3; channel++) {
      const from = stops[low * 3 + channel] ?? 0;
      const to = stops[low * 3 + 3 + channel] ?? 0;
      table[level * 3 + channel] = Math.round(from + (to - from) * (position - low));
    }
  }
  return table;
}
