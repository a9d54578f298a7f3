import { BUDGETS, type Budget, type Comparison, type ComparisonRow } from '../protocol';
import { formatMacs, formatShare } from '../protocol/format';
import { cells, columns, shareOf } from './compareTable';

const NAMES: Readonly<Record<Budget, string>> = {
  convolution: 'Convolution',
  attention: 'Attention',
  feedForward: 'Feed-forward',
  other: 'Other',
};
const BAR_WIDTH = 480;
const ROW_HEIGHT = 24;
const LABEL_WIDTH = 240;
const FIGURE_WIDTH = 120;

/** One file that needs nothing else: the table, and a stacked bar per row of what its multiply-adds are for. */
export function comparisonHtml(result: Comparison): string {
  const titles = columns(result);
  const row = cells(result);
  const head = titles.map(({ title, right }) => `<th${right ? ' class="n"' : ''}>${escaped(title)}</th>`).join('');
  const body = result.rows.map((one) => {
    const texts = row(one).map((text, at) => `<td${titles[at]?.right ? ' class="n"' : ''}>${escaped(text)}</td>`);
    const failed = one.error === '' ? '' : `\n<tr class="error"><td colspan="${titles.length}">${escaped(one.error)}</td></tr>`;
    return `<tr${one.model === result.baseline ? ' class="baseline"' : ''}>${texts.join('')}</tr>${failed}`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Budgets compared</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Budgets compared</h1>
<p>Differences are to ${escaped(result.rows.find(({ model }) => model === result.baseline)?.name ?? '')}. MACs are multiply-adds, batch 1 unless the model fixes it.</p>
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
<h2>Multiply-adds by what they are for</h2>
${bars(result.rows)}
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --convolution: #0072B2; --attention: #D55E00; --feedForward: #009E73; --other: #8a8a8a; }
@media (prefers-color-scheme: dark) { :root { --convolution: #56B4E9; --attention: #F0A34A; --feedForward: #35C79B; --other: #9a9a9a; } }
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; }
h1 { font-size: 20px; font-weight: 600; } h2 { font-size: 16px; font-weight: 600; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; text-align: left; white-space: nowrap; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.n { text-align: right; } .baseline { font-weight: 600; } .error td { font-style: italic; white-space: normal; }
svg text { fill: currentColor; font: 12px system-ui, sans-serif; }
${BUDGETS.map((budget) => `.${budget} { fill: var(--${budget}); }`).join(' ')}
`;

/** Bars on one scale, the dearest model's; a legend above. */
function bars(rows: readonly ComparisonRow[]): string {
  const counted = rows.filter(({ figures }) => figures !== null);
  const most = Math.max(1, ...counted.map(({ figures }) => Number(figures?.macs ?? 0)));
  const legend = BUDGETS.map(
    (budget, at) =>
      `<rect class="${budget}" x="${LABEL_WIDTH + at * 120}" y="4" width="12" height="12"/><text x="${LABEL_WIDTH + at * 120 + 18}" y="14">${NAMES[budget]}</text>`,
  );
  const height = (counted.length + 1) * ROW_HEIGHT + 8;
  const lines = counted.map((row, at) => bar(row, (at + 1) * ROW_HEIGHT + 4, most));
  const width = LABEL_WIDTH + BAR_WIDTH + FIGURE_WIDTH;
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Multiply-adds of each model by what they are for">
${[...legend, ...lines].join('\n')}
</svg>`;
}

function bar(row: ComparisonRow, y: number, most: number): string {
  const { figures } = row;
  if (!figures) return '';
  const total = (Number(figures.macs) / most) * BAR_WIDTH;
  let x = LABEL_WIDTH;
  const parts = BUDGETS.map((budget) => {
    const share = shareOf(figures, budget);
    const width = share * total;
    const title = `${NAMES[budget]} ${formatMacs(figures.budget[budget].macs)}, ${formatShare(share)}`;
    const rect = `<rect class="${budget}" x="${x.toFixed(2)}" y="${y}" width="${width.toFixed(2)}" height="16"><title>${escaped(title)}</title></rect>`;
    x += width;
    return rect;
  });
  const name = row.size === null ? row.name : `${row.name} @${row.size}`;
  const label = name.length > 36 ? `${name.slice(0, 35)}…` : name;
  return `<text x="${LABEL_WIDTH - 8}" y="${y + 12}" text-anchor="end">${escaped(label)}</text>${parts.join('')}<text x="${(x + 8).toFixed(2)}" y="${y + 12}">${formatMacs(figures.macs)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
