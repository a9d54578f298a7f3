/** A table of texts: plain ones, and functions where a figure stands inside the sentence. */
type StringTable = Readonly<Record<string, string | ((...parts: never[]) => string)>>;

const sections = new Map<string, StringTable>();

/** Registers one view's English texts and returns the live object that components read while rendering. */
export function defineStrings<Table extends StringTable>(section: string, english: Table): Table {
  const live = { ...english };
  sections.set(section, live);
  return live;
}

/** Replaces the texts of a section by a translation; texts it leaves out stay English. Call before the first render. */
export function setStrings(section: string, translation: StringTable): void {
  const live = sections.get(section);
  if (live) Object.assign(live, translation);
}

/** Texts that every view shares. */
export const common = defineStrings('common', {
  cancel: 'Cancel',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  close: 'Close',
  loading: 'Loading',
  unknown: 'unknown',
  convolution: 'Convolution',
  attention: 'Attention',
  feedForward: 'Feed-forward',
  other: 'Other',
  resize: 'Resize',
  percentDone: (percent: string) => `${percent} done`,
  cancelled: 'It was cancelled.',
  unexpected: 'Something went wrong inside Model Loupe.',
});
