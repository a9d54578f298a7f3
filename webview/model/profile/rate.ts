/** Achieved multiply-adds per second of a row; `null` where it has none, or took no time. */
export function rateOf({
  microseconds,
  measuredMacs,
}: {
  readonly microseconds: number | null;
  readonly measuredMacs: number;
}): number | null {
  return microseconds !== null && microseconds > 0 && measuredMacs > 0 ? (measuredMacs / microseconds) * 1e6 : null;
}
