/** How far something that a file would import or call can be trusted. */
export type Verdict = 'safe' | 'unknown' | 'unsafe';

/** What loading a file that can carry code would do; nothing of it was done here. */
export interface TrustReport {
  /**
   * `unsafe`: loading would call or import something that runs commands, reads or writes files, or loads code.
   * `unknown`: a class that is not known, or a part that could not be read. `safe`: only known, harmless reconstruction.
   */
  readonly verdict: Verdict;
  /** What `torch.load(..., weights_only=True)` makes of it; `null` for a format that PyTorch does not load. */
  readonly weightsOnly: WeightsOnlyReport | null;
  /** Worst first; one entry for each name, with the first place that needs it. */
  readonly imports: readonly ImportedName[];
  /** Why the verdict is no better, where an import alone does not say it; a sentence each. */
  readonly reasons: readonly string[];
}

/** The answer of PyTorch's restricted loader. */
export interface WeightsOnlyReport {
  readonly loads: boolean;
  /** Full names that `torch.serialization.add_safe_globals` would have to be given; empty where that does not help either. */
  readonly safeGlobals: readonly string[];
  /** Why it does not load, in one sentence; `''` where it does. */
  readonly reason: string;
}

/** A name that loading the file would import. */
export interface ImportedName {
  /** `module.name`, such as `posix.system`. */
  readonly name: string;
  readonly verdict: Verdict;
  /** Part of the file, byte, and what is done with it: `archive/data.pkl, byte 12, called`. */
  readonly where: string;
}

/** What was found in one file. */
export interface ScanReport {
  readonly name: string;
  /** What the file is, in a few words; `''` where that is not known. */
  readonly kind: string;
  readonly trust: TrustReport;
}
