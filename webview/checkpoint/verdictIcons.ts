import type { CheckpointOverview } from '../../src/protocol';

/** Codicons of the verdicts. */
export const VERDICT_ICONS: Readonly<Record<CheckpointOverview['trust']['verdict'], string>> = {
  safe: 'workspace-trusted',
  unknown: 'workspace-unknown',
  unsafe: 'workspace-untrusted',
};
