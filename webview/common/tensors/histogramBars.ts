/** Equal bins as bars; a bin that is not empty keeps a pixel. */
export function histogramBars(bins: readonly number[], height: number): readonly number[] {
  const most = bins.reduce((most, bin) => Math.max(most, bin), 0);
  return bins.map((bin) => (bin === 0 || most === 0 ? 0 : Math.max(1, (bin / most) * height)));
}
