/**
 * Perceptually uniform colour maps for quantities: viridis (van der Walt and Smith, 2015) and cividis
 * (Nunez, Anderton and Renslow, 2018), every fifth entry (52 sRGB stops) of Matplotlib's CC0 tables. For
 * signed quantities around 0: PuOr of ColorBrewer (Brewer and Harrower, 2003, Apache-2.0), 11 stops.
 */
const STOPS = {
  viridis:
    '44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a3a538b38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac86465cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725',
  cividis:
    '00224e002656002a5f002d68003070083370163770203a6f273e6e2e416d34456c3a486c3f4c6c444f6c49536c4e566c535a6d575d6d5c616e60646f656870696b716d6f727272747676767a7a787e7d788381798885788d8878928c789690779b9476a09875a59c74aaa073afa471b5a86fbaac6dbfb06bc4b468c9b965cfbd62d4c15fdac65bdfca57e5cf52ead34cf0d846f6dd3ffce236fee838',
  puor: '7f3b08b35806e08214fdb863fee0b6f7f7f7d8daebb2abd28073ac5427882d004b',
} as const;

/** A colour map. */
export type MapName = keyof typeof STOPS;
/** One for quantities that are not negative. */
export type ColorMapName = Exclude<MapName, 'puor'>;

const LEVELS = 256;
const tables = new Map<MapName, Uint8ClampedArray>();

/** 256 RGB triples, row-major [256, 3]. */
export function colorTable(name: MapName): Uint8ClampedArray {
  const known = tables.get(name);
  if (known) return known;
  const stops = (STOPS[name].match(/../g) ?? []).map((hex) => Number.parseInt(hex, 16));
  const last = stops.length / 3 - 1;
  const table = new Uint8ClampedArray(LEVELS * 3);
  for (let level = 0; level < LEVELS; level++) {
    const position = (level / (LEVELS - 1)) * last;
    const low = Math.min(last - 1, Math.floor(position));
    for (let channel = 0; channel < 3; channel++) {
      const from = stops[low * 3 + channel] ?? 0;
      const to = stops[low * 3 + 3 + channel] ?? 0;
      table[level * 3 + channel] = from + (to - from) * (position - low);
    }
  }
  tables.set(name, table);
  return table;
}

/** CSS colour of a quantity scaled to 0..1; values outside are clamped, NaN counts as 0. */
export function mapColor(name: MapName, part: number): string {
  const table = colorTable(name);
  const level = Math.round(Math.min(1, Math.max(0, part || 0)) * (LEVELS - 1)) * 3;
  return `rgb(${table[level]} ${table[level + 1]} ${table[level + 2]})`;
}

/** CSS gradient from left (0) to right (1), for legends. */
export function mapGradient(name: MapName): string {
  const colors = Array.from({ length: 17 }, (_, index) => mapColor(name, index / 16));
  return `linear-gradient(to right, ${colors.join(', ')})`;
}
