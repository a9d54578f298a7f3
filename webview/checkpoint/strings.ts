import { editorStrings } from '../common/editor/strings';
import { defineStrings } from '../common/strings';
import type { PictureWords } from './picture/fetchPicture';

/** The checkpoint editor's texts. */
export const t = defineStrings({
  ...editorStrings,
  views: 'Views of the checkpoint',
  cannotOpen: 'The checkpoint could not be opened',
  opening: 'Reading the list of tensors',
  listing: 'Listing the tensors',

  tensorsCount: (count: string) => `${count} tensors`,
  oneTensor: '1 tensor',
  ofBytes: (share: string) => `${share} of the bytes`,
  typeTooltip: (name: string, tensors: string, elements: string, bytes: string) => `${name}: ${tensors}, ${elements} elements, ${bytes} B`,

  parametersLabel: 'Parameters',
  buffers: 'Buffers',
  modules: 'Modules',
  module: 'Module',
  kind: 'Kind',
  layer: 'Layer',
  budgetBy: 'Split by',
  byParameters: 'By parameters',
  byBytes: 'By bytes',
  share: 'Share',
  shareOf: (what: string, share: string) => `${share} of the ${what}`,
  ofTheParameters: 'Of the parameters',
  partOf: (kind: string, part: string) => `${kind}, ${part}`,
  ownTensors: '(no module)',
  searching: 'Listing the modules',
  modulesFailed: 'The modules could not be listed',
  moduleFailed: 'The module could not be read',
  equalModules: (count: string) => `${count} equal modules`,
  standsFor: (count: string) => `${count} equal modules`,
  definition: 'As PyTorch code',
  copyDefinition: 'Copy the definition',
  theDefinition: 'the definition',
  trainable: 'Trained',
  trainableOf: (which: string) => (which === 'all' ? 'yes' : which === 'none' ? 'no' : 'some'),
  role: 'Role',
  parameter: 'trained parameter',
  frozen: 'frozen parameter',
  buffer: 'buffer',
  tied: 'Tied',
  tiedTo: 'Tied to',
  tiedTooltip: 'Tensors that are another’s elements under one more name; they are counted once.',
  showModule: 'Show its module',
  section: (kind: string) =>
    kind === 'ema' ? 'averaged copy' : kind === 'optimizer' ? 'optimizer state' : kind === 'training' ? 'training state' : '',
  picture: 'Picture',
  pictureOf: (name: string) => `Picture of ${name}`,
  pictureName: (kind: string) =>
    kind === 'filters'
      ? 'Filters in colour'
      : kind === 'kernels'
        ? 'Kernels'
        : kind === 'similarity'
          ? 'Similarity of positions'
          : kind === 'relative'
            ? 'Relative positions'
            : kind === 'spectrum'
              ? 'Singular values'
              : 'Slice',
  axis: (axis: string) => `axis ${axis}`,
  down: 'Down',
  across: 'Across',
  drawing: 'Reading the values',
  pictureFailed: 'The picture could not be drawn',
  wholeSlice: 'Whole slice',
  copyNumpy: 'Copy as NumPy',
  theValues: 'the values',
  spectrumCaption: (rows: string, columns: string, rank: string, of: string, most: string) =>
    `${rows} \u00d7 ${columns}; ${rank} of ${of} singular values above 1e-7 of the largest; the first ${most} hold 90% of the sum of squares.`,
  footprint: 'Training footprint',
  optimizer: 'Optimizer',
  precision: 'Precision',
  optimizerName: (name: string) =>
    new Map([
      ['sgd', 'SGD'],
      ['momentum', 'SGD, momentum'],
      ['adamw', 'AdamW'],
      ['adamw8bit', 'AdamW, 8 bits'],
      ['lion', 'Lion'],
      ['rmsprop', 'RMSprop'],
      ['adagrad', 'Adagrad'],
      ['adafactor', 'Adafactor'],
    ]).get(name) ?? name,
  precisionName: (name: string) =>
    new Map([
      ['fp32', 'float32'],
      ['amp', 'autocast'],
      ['bf16', 'bfloat16'],
      ['master', '16 bits, float32 copy'],
    ]).get(name) ?? name,
  footprintPart: (part: string) =>
    new Map([
      ['weights', 'Weights'],
      ['gradients', 'Gradients'],
      ['optimizerStates', 'Optimizer states'],
      ['copies', 'Copies of weights'],
      ['buffers', 'Buffers'],
      ['total', 'Total'],
    ]).get(part) ?? part,
  withoutActivations: 'Without activations, which depend on the batch and on a graph that a checkpoint has not.',
  saveAs: 'Save as',
  saveTensors: 'Save its tensors',
  health: 'Health',
  healthIntro: (bytes: string) => `Reads all values (${bytes}) and says what is wrong with them.`,
  check: 'Check',
  checkAgain: 'Check again',
  checking: 'Checking the values',
  healthFailed: 'The values could not be checked',
  healthy: 'No problems',
  lookedAt: (tensors: string, bytes: string) => `in ${tensors}, ${bytes}`,
  oneFinding: '1 finding',
  severity: 'Severity',
  severityName: (severity: string) => severity,
  problem: 'Problem',
  tensor: 'Tensor',
  finding: 'Finding',

  trust: 'Trust',
  verdict: 'Verdict',
  verdictName: (verdict: string) => verdict,
  verdictTitle: (verdict: string) =>
    verdict === 'safe'
      ? 'Safe to load'
      : verdict === 'unsafe'
        ? 'Unsafe: do not load this file'
        : 'Unknown: loading runs code that is not known',
  verdictText: (verdict: string) =>
    verdict === 'safe'
      ? 'Loading it imports nothing but known, harmless reconstruction.'
      : verdict === 'unsafe'
        ? 'Loading it would run commands, read or write files, or load code. Nothing of that was done here.'
        : 'Loading it imports classes of somebody’s own, or holds a part that could not be read. Load it only if you know who made it. Nothing was imported here.',
  onlyTensors: 'Files of this format hold tensors and nothing that could run.',
  loads: 'loads',
  doesNotLoad: 'does not load',
  safeGlobals: 'It would load after these lines, which trust the classes:',
  copySafeGlobals: 'Copy the lines',
  theLines: 'the lines',
  imports: 'What loading would import',
  wouldImport: 'Would import',
  where: 'Where',

  wholeCheckpoint: 'The whole checkpoint',
  nothingSelected: 'Select a row to see what it is made of.',
  types: 'Types',
  files: 'Files',
  fileBytes: 'File',
  tensorBytes: 'Tensors',
  missingFile: 'missing',
  inThisFile: 'this file',
  noTensors: 'This checkpoint holds no tensors.',
  noSuchTensor: 'This checkpoint has no such tensor.',
  showAll: 'Show all of it',
});

/** What pictures are described by. */
export const pictureWords: PictureWords = {
  everyKth: (axis, step) => `every ${step}th ${axis}`.trim(),
  range: (what, from, to, of) => `${what} ${from}\u2013${to} of ${of}`,
  outputs: 'outputs',
  inputs: 'inputs',
  heads: 'heads',
  similarity: 'cosine similarity between positions',
};
