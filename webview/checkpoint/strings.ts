import { editorStrings } from '../common/editor/strings';
import { defineStrings } from '../common/strings';

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
