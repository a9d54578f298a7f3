import type { ByteSource } from '../../bytes';
import { FindingList } from '../findings';
import { Imports } from '../pickle';
import { legacyParts } from './legacyParts';
import type { Loaded } from './loaded';
import { WeightsOnly } from './weightsOnly';

/**
 * A pickle by itself, or PyTorch's form of before 1.6.
 * @throws FormatError, LimitError
 */
export async function loadPickles(source: ByteSource, name: string, signal?: AbortSignal): Promise<Loaded & { readonly end: number }> {
  const imports = new Imports();
  const watcher = new WeightsOnly();
  const { torch, object, broken, storages } = await legacyParts(source, imports, watcher, signal);
  if (broken) watcher.refuse(broken.message);
  if (!torch) watcher.refuse('The file does not begin as one that torch.save writes.');
  return {
    end: object.end,
    format: torch ? 'pytorch' : 'pickle',
    formatVersion: torch ? `legacy, pickle ${object.protocol}` : String(object.protocol),
    value: object.value,
    places: {
      storage: ({ key }) => storages.get(key) ?? { missing: `The file has no storage "${key}", which would hold them.` },
      bytes: (offset, length) => ({ file: '', offset, length }),
    },
    source,
    place: name,
    imports,
    broken: broken?.message ?? '',
    watcher,
    findings: new FindingList(),
    reasons: [],
  };
}
