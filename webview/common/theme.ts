import { BUDGETS, type Budget } from '../../src/protocol';

/** What canvases need of the colour theme; everything else takes the CSS variables of tokens.css. */
export interface Theme {
  readonly dark: boolean;
  /** Borders tell things apart, not fills. */
  readonly highContrast: boolean;
  readonly foreground: string;
  readonly description: string;
  readonly background: string;
  readonly panel: string;
  readonly border: string;
  readonly focus: string;
  readonly hover: string;
  readonly error: string;
  readonly found: string;
  readonly budget: Readonly<Record<Budget, string>>;
  readonly normalization: string;
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
}

function readTheme(): Theme {
  const computed = getComputedStyle(document.body);
  const color = (name: string) => computed.getPropertyValue(name).trim();
  const classes = document.body.classList;
  const highContrast = classes.contains('vscode-high-contrast') || classes.contains('vscode-high-contrast-light');
  return {
    dark: !classes.contains('vscode-light') && !classes.contains('vscode-high-contrast-light'),
    highContrast,
    foreground: color('--loupe-foreground'),
    description: color('--loupe-description'),
    background: color('--loupe-background'),
    panel: color('--loupe-panel'),
    border: color('--loupe-border'),
    focus: color('--loupe-focus'),
    hover: color('--loupe-hover'),
    error: color('--loupe-error'),
    found: color('--loupe-found'),
    budget: Object.fromEntries(BUDGETS.map((budget) => [budget, color(`--loupe-${budget}`)])) as Record<Budget, string>,
    normalization: color('--loupe-normalization'),
    fontFamily: computed.fontFamily,
    fontSize: Number.parseFloat(computed.fontSize) || 13,
  };
}

let current: Theme | null = null;
const listeners = new Set<(theme: Theme) => void>();

/** The theme as it is now. */
export function theme(): Theme {
  if (current) return current;
  const read = readTheme();
  current = read;
  const observer = new MutationObserver(() => {
    current = readTheme();
    for (const listener of listeners) listener(current);
  });
  // VS Code changes the body's class and the variables in the root's style attribute.
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return read;
}

/** Calls `listener` with every new theme; returns a function that stops. */
export function onThemeChange(listener: (theme: Theme) => void): () => void {
  theme();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** True where the person asked the system for less motion. */
export function reducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion');
}
