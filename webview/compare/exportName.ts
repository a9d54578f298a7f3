/** `variants.csv` beside `variants.loupe.json`. */
export function exportName(title: string, extension: string): string {
  const stem = title.replace(/\.loupe\.json$/, '').replace(/[^\p{L}\p{N}_-]+/gu, '-');
  return `${stem || 'comparison'}.${extension}`;
}
