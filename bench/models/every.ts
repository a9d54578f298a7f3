import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILIES } from '../../src/architectures/registry';
import { BufferSource } from '../../src/bytes';
import { openModel } from '../../src/formats/registry';
import type { Model } from '../../src/model';
import { attentionVariants } from '../../test/fixtures/attentionVariants';
import { encoder } from '../../test/fixtures/encoder';
import { ARCHITECTURES, torchvisionExports } from '../../test/fixtures/exports';
import { mergeModels } from '../../test/fixtures/mergeModels';
import { stack } from './stack';

/** A model that can be opened, by a name that says where it comes from (`arch/ViT/ViT-B/16`). */
export interface NamedModel {
  readonly name: string;
  open(): Promise<Model>;
}

/** ONNX's own backend tests, from Debian's libonnx-testdata. */
const BACKEND = '/usr/share/libonnx-testdata/data';

function ofBytes(name: string, read: () => Uint8Array): NamedModel {
  return { name, open: () => openModel(new BufferSource(read()), { name: 'model.onnx' }) };
}

function inFolder(prefix: string, folder: string): readonly NamedModel[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.onnx'));
  return paths.sort().map((path) => ofBytes(`${prefix}/${path.replaceAll('\\', '/')}`, () => readFileSync(join(folder, path))));
}

function references(): readonly NamedModel[] {
  return FAMILIES.flatMap((family) =>
    family.variants.map(({ name, knobs }) => ({ name: `arch/${family.name}/${name}`, open: async () => family.build(knobs).model })),
  );
}

async function exported(): Promise<readonly NamedModel[]> {
  const torchvision = await torchvisionExports();
  const found = torchvision.available
    ? ARCHITECTURES.flatMap((name) =>
        [false, true].map((raw) => ofBytes(`torchvision/${name}${raw ? '.raw' : ''}`, () => readFileSync(torchvision.path(name, raw)))),
      )
    : [];
  const folders = [await attentionVariants(), await mergeModels()].map((one) => (one.available ? join(one.path('any'), '..') : ''));
  return [...found, ...inFolder('attention', folders[0] ?? ''), ...inFolder('merges', folders[1] ?? '')];
}

/** Every model that the tests and the list of reference systems know; those that need PyTorch only where it is installed. */
export async function everyModel(): Promise<readonly NamedModel[]> {
  return [
    ...inFolder('samples', 'samples'),
    ofBytes('encoder/20', () => encoder(20)),
    ofBytes('stack/40', () => stack(40)),
    ...(await exported()),
    ...references(),
    ...inFolder('backend', BACKEND),
  ];
}
