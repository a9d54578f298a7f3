import { BufferSource, type ByteSource, FormatError, LIMITS, LimitError, UserError } from '../../bytes';

/** What is used of the HDF5 library as h5wasm (NIST) gives it; its own types need a browser's. */
export interface Library {
  readonly FS: FileSystem;
  readonly HEAPU8: Uint8Array;
  readonly H5F_ACC_RDONLY: number;
  readonly H5G_GROUP: number;
  readonly H5G_DATASET: number;
  readonly H5G_LINK: number;
  readonly H5G_UDLINK: number;
  open(path: string, mode: number): bigint;
  close_file(file: bigint): number;
  /** Names below a group, with their paths when `recursive`; every group once, whatever leads back to it. */
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_dataset_metadata(file: bigint, path: string): DatasetMetadata;
  get_dataset_filters(file: bigint, path: string): readonly { readonly id: number; readonly name: string }[];
  get_dataset_data(file: bigint, path: string, count: bigint[], offset: bigint[], strides: bigint[], to: bigint): number;
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): DatasetMetadata;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

/** What HDF5 says of a dataset's or an attribute's type and shape. */
export interface DatasetMetadata {
  /** `H5T_class_t`. */
  readonly type: number;
  /** Bytes of an element. */
  readonly size: number;
  readonly total_size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  readonly vlen: boolean;
  /** `null` for a dataset that holds nothing at all. */
  readonly shape: readonly number[] | null;
  readonly chunks: readonly number[] | null;
  readonly compound_type?: { readonly members: readonly (DatasetMetadata & { readonly name: string; readonly offset: number })[] };
  readonly enum_type?: { readonly members: Readonly<Record<string, number>>; readonly type: number };
  readonly virtual_sources?: readonly unknown[];
}

interface FileSystem {
  mkdir(path: string): void;
  createFile(folder: string, name: string, properties: object, canRead: boolean, canWrite: boolean): FileNode;
  unlink(path: string): void;
  readonly streams: readonly { readonly tty?: { ops: { put_char(tty: unknown, code: number | null): void; fsync(tty: unknown): void } } }[];
}

interface FileNode {
  usedBytes: number;
  stream_ops: object;
}

interface Attributes {
  get_attribute(name: string, plain: true): unknown;
}

/** The library with the one class of its upper half that reads attributes. */
interface Loaded {
  readonly library: Library;
  readonly groupAt: (file: bigint, path: string) => Attributes;
}

const FOLDER = '/loupe';
/** Pages that small reads are served from: HDF5 walks its tables in steps of some hundred bytes. */
const PAGE = 64 * 1024;
const PAGES = 64;

let loading: Promise<Loaded> | undefined;
/** Why the library cannot go on: a fault in it leaves its memory in no state that could be trusted. */
let broken: string | undefined;
let opened = 0;
/** What it last complained of, as it would print it. */
let complaint = '';

/** Loaded when the first HDF5 file is opened. */
function load(): Promise<Loaded> {
  loading ??= import('h5wasm').then(async ({ ready, Group }) => {
    const library = (await ready) as unknown as Library;
    library.FS.mkdir(FOLDER);
    const complaints = library.FS.streams[2]?.tty;
    if (complaints) complaints.ops = { put_char: (_, code) => hear(code), fsync: () => {} };
    return { library, groupAt: (file, path) => new Group(file, path) as unknown as Attributes };
  });
  return loading;
}

function hear(code: number | null): void {
  if (code !== null && complaint.length < 100_000) complaint += String.fromCharCode(code);
}

/** An HDF5 file that is open in the library; every call of `use` is done when it returns. */
export interface OpenFile {
  use<T>(work: (library: Library, file: bigint) => T): T;
  /** An attribute's value: numbers, texts, or lists of them. */
  attribute(path: string, name: string): unknown;
  close(): void;
}

/**
 * Opens a file in the library, which reads from the source what it needs, when it needs it.
 * @throws FormatError for no HDF5 file or a damaged one, LimitError for one that has to be held in memory and is too large.
 */
export async function openFile(source: ByteSource): Promise<OpenFile> {
  const { library, groupAt } = await load();
  const readable = await readAtOnce(source);
  opened += 1;
  const name = String(opened);
  const path = `${FOLDER}/${name}`;
  const node = library.FS.createFile(FOLDER, name, {}, true, false);
  node.usedBytes = source.size;
  const pages = new Pages(readable);
  const read = (_: unknown, buffer: Uint8Array, offset: number, length: number, position: number): number => {
    const bytes = pages.read(position, length);
    buffer.set(bytes, offset);
    return bytes.length;
  };
  node.stream_ops = { ...node.stream_ops, read };
  const use = <T>(work: () => T): T => guarded(work);
  let file: bigint;
  try {
    file = use(() => library.open(path, library.H5F_ACC_RDONLY));
    if (file < 0n) throw damaged(reason(complaint) ?? 'the HDF5 library cannot open it');
  } catch (error) {
    library.FS.unlink(path);
    throw error;
  }
  return {
    use: (work) => use(() => work(library, file)),
    attribute: (at, attribute) => use(() => groupAt(file, at).get_attribute(attribute, true)),
    close: () => {
      if (broken === undefined) guarded(() => library.close_file(file));
      library.FS.unlink(path);
    },
  };
}

/** Runs the library, and makes a sentence of what it throws. */
function guarded<T>(work: () => T): T {
  if (broken !== undefined) throw new UserError(broken);
  complaint = '';
  try {
    return work();
  } catch (error) {
    if (error instanceof FormatError || error instanceof LimitError || error instanceof UserError) throw error;
    if (error instanceof Error && error.name === 'RuntimeError') {
      broken = 'The HDF5 library failed on a damaged file. Run "Model Loupe: Restart Engine" to open HDF5 files again.';
      throw damaged(`the HDF5 library failed on it (${error.message})`);
    }
    throw damaged(reason(complaint) ?? 'the HDF5 library cannot read it');
  }
}

/** The innermost of the library's reasons: the last line with `in FUNCTION(): REASON`. */
function reason(text: string): string | null {
  const last = [...text.matchAll(/ in H5\w+\(\): (.+)/g)].at(-1)?.[1];
  return last === undefined ? null : `HDF5 says "${last.slice(0, 200)}"`;
}

/** A fault of the file, for good; `what` follows "The file is damaged: ". */
export function damaged(what: string): FormatError {
  return new FormatError(`The file is damaged: ${what}.`, { format: 'hdf5' });
}

type AtOnce = ByteSource & { readonly readNow: NonNullable<ByteSource['readNow']> };

/** The library cannot wait: a source that has to be waited for is read into memory. */
async function readAtOnce(source: ByteSource): Promise<AtOnce> {
  if (canRead(source)) return source;
  if (source.size > LIMITS.entryBytes) {
    const message = `An HDF5 file inside another is read into memory, and has ${source.size} bytes; at most ${LIMITS.entryBytes} are read.`;
    throw new LimitError(message, { name: 'entryBytes', value: LIMITS.entryBytes });
  }
  return new BufferSource(await source.read(0, source.size));
}

function canRead(source: ByteSource): source is AtOnce {
  return source.readNow !== undefined;
}

/** Serves small reads from a few pages; the least recently read goes first. */
class Pages {
  private readonly pages = new Map<number, Uint8Array>();

  constructor(private readonly source: AtOnce) {}

  /** Fewer bytes where the file ends before. */
  read(position: number, length: number): Uint8Array {
    const size = Math.max(0, Math.min(length, this.source.size - position));
    if (size === 0) return new Uint8Array(0);
    const first = Math.floor(position / PAGE);
    const last = Math.floor((position + size - 1) / PAGE);
    if (first !== last) return this.source.readNow(position, size);
    const start = position - first * PAGE;
    return this.page(first).subarray(start, start + size);
  }

  private page(number: number): Uint8Array {
    const known = this.pages.get(number);
    const page = known ?? this.source.readNow(number * PAGE, Math.min(PAGE, this.source.size - number * PAGE));
    this.pages.delete(number);
    this.pages.set(number, page);
    const [oldest] = this.pages.keys();
    if (oldest !== undefined && this.pages.size > PAGES) this.pages.delete(oldest);
    return page;
  }
}
