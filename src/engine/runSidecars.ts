import { basename, dirname, join } from 'node:path';
import { FormatError, LimitError } from '../bytes';
import type { RecipeSources } from '../vision/chooseRecipe';
import type { LabelSources } from '../vision/labels';
import { resolveInside } from './fileSource';
import { decodeText } from './plainText';
import { readRegularFile } from './regularFile';

/** Largest configuration or label file: the one of 21,841 ImageNet classes is 1.5 MB. */
const SIDECAR_BYTES = 8 * 2 ** 20;
const LABEL_FILES = ['labels.txt', 'imagenet_classes.txt', 'synset.txt', 'classes.txt'];

/** The files that accompany a model: how its images are prepared and what its classes are called. */
export interface Sidecars extends Pick<RecipeSources, 'preprocessor' | 'config'>, Pick<LabelSources, 'list'> {
  /** What lies there and was not read, and why. */
  readonly warnings: readonly string[];
}

/** Of a model that has no files beside it. */
export const NO_SIDECARS: Sidecars = { warnings: [] };

/**
 * Reads what lies beside a model; Hugging Face keeps its configuration one folder up from `onnx/`. As for external data,
 * a link may not lead out of the folder; what is no file (a pipe, a device) is not touched.
 * @throws LimitError when such a file is absurdly large.
 */
export async function readSidecars(modelPath: string): Promise<Sidecars> {
  const folder = dirname(modelPath);
  const folders = basename(folder) === 'onnx' ? [folder, dirname(folder)] : [folder];
  const stem = basename(modelPath).replace(/\.[^.]*$/, '');
  const warnings: string[] = [];
  const first = async (names: readonly string[]) => {
    for (const place of folders) {
      for (const file of names) {
        const found = await readSidecar(place, file, modelPath);
        if (found.kind === 'read') return { file, text: found.text };
        if (found.kind === 'refused') warnings.push(found.reason);
      }
    }
    return undefined;
  };
  return {
    preprocessor: await first(['preprocessor_config.json']),
    config: await first(['config.json']),
    list: await first([`${stem}.labels.txt`, `${basename(modelPath)}.labels.txt`, ...LABEL_FILES]),
    warnings,
  };
}

type Sidecar =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

async function readSidecar(folder: string, file: string, modelPath: string): Promise<Sidecar> {
  try {
    const target = await resolveInside(folder, modelPath, file);
    if (target === null) return { kind: 'none' };
    const read = await readRegularFile(target, SIDECAR_BYTES);
    if (read.kind === 'read') return { kind: 'read', text: decodeText(read.bytes) };
    if (read.kind === 'other') return { kind: 'refused', reason: `"${file}" beside the model is not a file, so it was not read.` };
    throw new LimitError(`${join(folder, file)} has ${read.size} bytes; files beside a model are read up to ${SIDECAR_BYTES} bytes.`, {
      name: 'SIDECAR_BYTES',
      value: SIDECAR_BYTES,
    });
  } catch (error) {
    if (error instanceof LimitError) throw error;
    if (error instanceof FormatError) return { kind: 'refused', reason: `${error.message.replace(/\.$/, '')}, so it was not read.` };
    // Whatever the file system says, such a file is as good as none.
    return { kind: 'none' };
  }
}
