/**
 * Where in a model a stage stands. Image models are cut where the resolution
 * changes: `stem`, then by `stride` (input extent by output extent), then
 * `upsampled` on the way back, then `head`. Other models keep one resolution
 * and are cut into `embedding`, `encoder` and `decoder`, or equal `quarter`s
 * of the depth (one `layers` where there are fewer than four), then `head`.
 */
export type StageKind = 'stem' | 'embedding' | 'stride' | 'upsampled' | 'encoder' | 'decoder' | 'quarter' | 'layers' | 'head';

/** Which of a model's stages: two of one model never have the same key. */
export interface StageKey {
  readonly kind: StageKind;
  /** The stride, or which quarter (from 1); 0 elsewhere. */
  readonly number: number;
}
