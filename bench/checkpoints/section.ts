/** What one run took. */
export interface Figures {
  readonly milliseconds: number;
  /** Of the processor, which other work on the machine does not lengthen; more than the time where threads help. */
  readonly cpu: number;
  /** Growth of the process's resident memory over what it was idle, in MB, and the most it ever had more. */
  readonly megabytes: number;
  readonly peak: number;
  /** MB read from the file; `null` where that is not known. */
  readonly read: number | null;
}

/** A file that is measured. */
export interface Case {
  readonly what: string;
  /** The file's name, with its ending. */
  readonly file: string;
  make(path: string): Promise<void>;
  /** What it must not take. */
  readonly target?: string;
  /** A loader to stand beside: code that defines `work(path)`. */
  readonly python?: { readonly name: string; readonly code: string };
  /** What is measured; opening alone unless said otherwise. */
  readonly modes?: readonly ('open' | 'read' | 'statistics')[];
}

/** The files of one format. */
export interface Section {
  readonly name: string;
  readonly cases: readonly Case[];
}
