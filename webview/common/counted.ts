/** How far the counting of one row is. */
export type Counted<Figures> =
  | { readonly status: 'waiting' }
  | { readonly status: 'ready'; readonly figures: Figures }
  | { readonly status: 'failed'; readonly error: unknown };

/** Not begun, or begun and not there yet. */
export const WAITING: Counted<never> = { status: 'waiting' };
