/**
 * How much of an untrusted file we accept, and why. Nothing read from a file is used as a size before it is held
 * against one of these and against the file's own size.
 */
export const LIMITS = {
  /** Messages nested in messages: where protobuf itself stops, C++ and Python alike. A subgraph of ONNX takes three. */
  messageDepth: 100,
  /** Bytes of everything but weights, which are held in memory: the largest real graphs (100,000 nodes) take some 30 MB. */
  skeletonBytes: 512 * 2 ** 20,
  /** Operators of one file, in all its graphs and functions: three times the largest known, and 1 GB when analysed. */
  nodes: 300_000,
  /** Inputs, outputs and intermediate values whose types a file declares: two for each operator. */
  values: 600_000,
  /** Initializers and other tensors, weights or not. */
  tensors: 1_000_000,
  /** Attributes of operators: some seven for each. */
  attributes: 2_000_000,
  /** Entries of any kind: a value of four dimensions takes eight, each some 60 bytes in memory where the file needs two. */
  messages: 8_000_000,
  /** Numbers and texts in lists: tree ensembles of a million branches, the longest known, hold ten each. */
  elements: 12_000_000,
  /** Names, docs and metadata: 300,000 operators with names of 100 characters take half of it. */
  textBytes: 256 * 2 ** 20,
  /** A tensor's elements up to this many bytes are kept with the model: shape constants, scales and small tables. */
  inlineTensorBytes: 1024,
  /** Files beside the model that are looked for, each a call of the system: exporters that write one for each tensor make some thousands. */
  externalFiles: 10_000,
  /** Small tensors in files beside the model that are fetched when it is opened: shape arithmetic of the largest models has a tenth. */
  externalConstants: 20_000,
  /** A string attribute or string tensor up to this many bytes is kept; longer ones are blobs (compiled contexts) or vocabularies. */
  stringBytes: 2 ** 20,
  /** Numbers of one tensor that may be asked for at once; a view shows fewer, statistics read in chunks. */
  tensorElements: 2 ** 26,
  /** Bytes of a tensor that comes in pieces which are put together in memory; see `gatherPieces`. */
  gatheredBytes: 64 * 2 ** 20,
  /** Bytes that a strided view may span to be read: its elements lie anywhere among them. */
  viewBytes: 256 * 2 ** 20,
  /** Elements that one picture of a tensor is made of. */
  pictureElements: 2 ** 20,
  /** Bytes of a checkpoint's header, which lists its tensors: what the safetensors library itself accepts. */
  headerBytes: 100_000_000,
  /** Entries of a zip archive: PyTorch writes one for each storage. */
  archiveEntries: 1_100_000,
  /** Bytes of a zip archive's list of entries: a million with names of 200 characters. */
  archiveDirectoryBytes: 256 * 2 ** 20,
  /** Bytes of one entry of an archive that is read as a whole, unpacked: the pickle of a million tensors takes 150 MB. */
  entryBytes: 512 * 2 ** 20,
  /** Entries of a checkpoint's metadata: GGUF files have some forty. */
  metadataEntries: 100_000,
  /** Opcodes of one pickle: a million tensors take 40 million. */
  pickleOpcodes: 60_000_000,
  /** Values on a pickle's stack: picklers put 1,000 items at once on it, older ones all of a container. */
  pickleStack: 1_000_000,
  /** Bytes of one text of a pickle. */
  pickleTextBytes: 64 * 2 ** 20,
  /** Bytes of one whole number of a pickle that is read as such; optimizers count steps, nobody beyond 64 bits. */
  pickleIntegerBytes: 1024,
  /** Different names that a pickle imports: whole modules of the largest frameworks have some hundreds. */
  pickleGlobals: 20_000,
  /** Values of a checkpoint that are looked at to find tensors: a pickle can hold one value at more places than can be counted. */
  checkpointValues: 4_000_000,
  /** Containers within containers of a checkpoint: what PyTorch itself can save without passing Python's own depth. */
  checkpointDepth: 200,
  /** Values beside the tensors of a pickle (epoch, arguments) that are listed. */
  listedValues: 10_000,
  /** Pickles that follow each other in one file. */
  picklesInRow: 10_000,
  /** Bytes of an array that a pickle of protocol 2 writes as text, which is held in memory. */
  textArrayBytes: 4 * 2 ** 20,
  /** Text files of a TorchScript archive that are listed: a class of its own for each layer. */
  codeFiles: 2000,
  /** Files within files that a search for code goes into: a pickle in an archive in a pickle in an archive takes four. */
  nestedFiles: 6,
  /** Entries of one archive that such a search looks into. */
  scannedEntries: 20_000,
  /** Findings of one kind that are listed; a damaged file can have one for each of its tensors. */
  findingsPerCode: 20,
  /** Axes of one tensor: no runtime takes more, and a few hostile Unsqueeze nodes could make millions. */
  rank: 64,
  /** Bodies within bodies and calls within calls that shape inference follows. */
  bodyDepth: 64,
  /** Bodies and calls that are opened in all: functions that call functions twice each would else never end. */
  scopes: 20_000,
  /**
   * Work of shape inference for one analysis beyond each node that the file holds once: so much for any file, so much
   * for each of its nodes, and never more than the last. Functions called a few times each and loops followed turn by
   * turn stay far below it; a file of a hundred nodes cannot ask for half a million.
   */
  inferenceWorkBase: 20_000,
  inferenceWorkPerNode: 8,
  inferenceWork: 500_000,
  /**
   * What bodies and functions may expand to beyond the nodes that the file holds once: so many, or as many again as it
   * holds. Each is a box, a row and a line of every export later. Swin-B with its 26 modules as functions expands from
   * 2,000 nodes to 14,000.
   */
  expansion: 16_000,
  /** Elements of small tensors that are known by value, in all: 32 MB. Shape arithmetic of the largest models needs a hundredth. */
  knownElements: 2 ** 22,
} as const;
