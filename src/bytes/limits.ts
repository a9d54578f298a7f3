/**
 * How much of an untrusted file we accept, and why. Nothing read from a file is used as a size before it is held
 * against one of these and against the file's own size.
 */
export const LIMITS = {
  /** Messages nested in messages: where protobuf itself stops, C++ and Python alike. A subgraph of ONNX takes three. */
  messageDepth: 100,
  /** Bytes of everything but weights, which are held in memory: the largest real graphs (100,000 nodes) take some 30 MB. */
  skeletonBytes: 512 * 2 ** 20,
  /** A tensor's elements up to this many bytes are kept with the model: shape constants, scales and small tables. */
  inlineTensorBytes: 1024,
  /** A string attribute or string tensor up to this many bytes is kept; longer ones are blobs (compiled contexts) or vocabularies. */
  stringBytes: 2 ** 20,
  /** Numbers of one tensor that may be asked for at once; a view shows fewer, statistics read in chunks. */
  tensorElements: 2 ** 26,
  /** Bytes of a tensor that comes in pieces which are put together in memory; see `gatherPieces`. */
  gatheredBytes: 64 * 2 ** 20,
  /** Findings of one kind that are listed; a damaged file can have one for each of its tensors. */
  findingsPerCode: 20,
} as const;
