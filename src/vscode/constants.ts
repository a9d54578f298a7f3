/** Every id that package.json repeats; a test holds the two together. */
export const EDITOR_VIEW_TYPE = 'modelLoupe.model';
/** The same editor for files that may be anything, which a person chooses it for. */
export const OPTIONAL_EDITOR_VIEW_TYPE = 'modelLoupe.weights';
/** The panel of a run. */
export const INFERENCE_VIEW_TYPE = 'modelLoupe.inference';
/** The editor of comparison files, and the panel of a comparison without one. */
export const COMPARE_VIEW_TYPE = 'modelLoupe.compare';
/** The panel of two checkpoints and what differs between them. */
export const CHECKPOINT_DIFF_VIEW_TYPE = 'modelLoupe.checkpointDiff';
/** The panel of a comparison without a file. */
export const COMPARISON_VIEW_TYPE = 'modelLoupe.comparison';
/** The page of one family of reference systems. */
export const FAMILY_VIEW_TYPE = 'modelLoupe.family';
/** The tree of reference systems. */
export const GALLERY_VIEW = 'modelLoupe.gallery';

/** Ids of the commands in package.json; a test holds the two together. */
export const COMMANDS = {
  openModel: 'modelLoupe.openModel',
  runInference: 'modelLoupe.runInference',
  compareCheckpoints: 'modelLoupe.compareCheckpoints',
  compareBudgets: 'modelLoupe.compareBudgets',
  addToComparison: 'modelLoupe.addToComparison',
  openReferences: 'modelLoupe.openReferences',
  openFamily: 'modelLoupe.openFamily',
  openReference: 'modelLoupe.openReference',
  compareReference: 'modelLoupe.compareReference',
  exportReference: 'modelLoupe.exportReference',
  restartEngine: 'modelLoupe.restartEngine',
  showLog: 'modelLoupe.showLog',
} as const;

/** What all settings' keys begin with. */
export const SECTION = 'modelLoupe';
/** Keys of the settings in package.json, without their section. */
export const SETTINGS = {
  providers: 'inference.providers',
  maxRemoteFileSize: 'files.maxRemoteSize',
} as const;

/** Extensions of images that the inference command is offered for. */
export const IMAGE_EXTENSIONS = ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp', 'tif', 'tiff', 'avif'] as const;
/** Extensions, without the dot, of models with a graph, which the editor opens and the commands take. */
export const MODEL_EXTENSIONS = ['onnx'] as const;
/** Extensions of checkpoints, which the editor opens. */
export const CHECKPOINT_EXTENSIONS = ['safetensors', 'pt', 'pth', 'ckpt', 'h5', 'keras', 'npz', 'npy', 'gguf', 'msgpack'] as const;
/** Extensions of all that a comparison takes. */
export const COMPARED_EXTENSIONS = [...MODEL_EXTENSIONS, ...CHECKPOINT_EXTENSIONS] as const;
/** Ends of names that checkpoints share with much else: the editor is offered for them. */
export const OPTIONAL_EXTENSIONS = ['bin', 'pkl', 'safetensors.index.json', 'bin.index.json'] as const;
/** How a comparison file's name ends. */
export const COMPARISON_EXTENSION = 'loupe.json';
