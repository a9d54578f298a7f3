import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LimitError } from '../bytes';
import type { RecipeSources } from '../vision/chooseRecipe';
import type { LabelSources } from '../vision/labels';

/** Largest configuration or label file: the one of 21,841 ImageNet classes is 1.5 MB. */
const MAX_SIDECAR_BYTES = 8 * 2 ** 20;
const LABEL_FILES = ['labels.txt', 'imagenet_classes.txt', 'synset.txt', 'classes.txt'];

/** The files that accompany a model: how its images are prepared and what its classes are called. */
export type Sidecars = Pick<RecipeSources, 'preprocessor' | 'config'> & Pick<LabelSources, 'list'>;

/**
 * Reads what lies beside a model; Hugging Face keeps its configuration one folder up from `onnx/`.
 * @throws LimitError when such a file is absurdly large.
 */
export async function readSidecars(modelPath: string): Promise<Sidecars> {
  const folder = dirname(modelPath);
  const folders = basename(folder) === 'onnx' ? [folder, dirname(folder)] : [folder];
  const stem = basename(modelPath).replace(/\.[^.]*$/, '');
  const first = async (names: readonly string[]) => {
    for (const place of folders) {
      for (const file of names) {
        const text = await readText(join(place, file));
        if (text !== null) return { file, text };
      }
    }
    return undefined;
  };
  return {
    preprocessor: await first(['preprocessor_config.json']),
    config: await first(['config.json']),
    list: await first([`${stem}.labels.txt`, `${basename(modelPath)}.labels.txt`, ...LABEL_FILES]),
  };
}

/** `null` when there is no such file, or it cannot be read. */
async function readText(path: string): Promise<string | null> {
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    const info = await file.stat();
    if (!info.isFile()) return null;
    if (info.size > MAX_SIDECAR_BYTES) {
      throw new LimitError(`${path} has ${info.size} bytes; files beside a model are read up to ${MAX_SIDECAR_BYTES} bytes.`, {
        name: 'MAX_SIDECAR_BYTES',
        value: MAX_SIDECAR_BYTES,
      });
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
