/** A table of texts: plain ones, and functions where a figure stands inside the sentence. */
type StringTable = Readonly<Record<string, string | ((...parts: never[]) => string)>>;

/** One view's texts, in one place and checked to be texts. */
export function defineStrings<Table extends StringTable>(english: Table): Table {
  return english;
}

/** Texts that every view shares. */
export const common = defineStrings({
  cancel: 'Cancel',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  close: 'Close',
  columns: 'Columns',
  openAsText: 'Open as text',
  openAsHex: 'Open as hex',
  loading: 'Loading',
  unknown: 'unknown',
  convolution: 'Convolution',
  attention: 'Attention',
  feedForward: 'Feed-forward',
  other: 'Other',
  resize: 'Resize',
  amountOf: (done: string, of: string) => `${done} of ${of}`,
  perSecond: (amount: string) => `${amount}/s`,
  operators: (count: string) => `${count} operators`,
  percentDone: (percent: string) => `${percent} done`,
  cancelled: 'It was cancelled.',
  unexpected: 'Something went wrong inside Model Loupe.',
});
