import { FormatError } from '../../bytes';
import { FindingList } from '../findings';
import { Imports, unpickle } from '../pickle';
import type { ZipArchive } from '../zip';
import type { Loaded } from './loaded';
import {
  archivePlaces,
  archiveReasons,
  isBigEndian,
  isTorchScript,
  NOT_WEIGHTS,
  smallText,
  sourceOf,
  type TorchArchive,
} from './torchArchive';
import { WeightsOnly } from './weightsOnly';

/** Reads the object of what `torch.save` wrote as a zip archive. @throws FormatError, LimitError */
export async function loadArchive(torch: TorchArchive, signal?: AbortSignal): Promise<Loaded> {
  const pickle = torch.entry('data.pkl');
  if (!pickle) {
    throw new FormatError('The file is a zip archive without the entry "data.pkl", which PyTorch keeps its object in.', {
      format: 'pytorch',
    });
  }
  const imports = new Imports();
  const watcher = new WeightsOnly();
  if (isTorchScript(torch)) watcher.refuse(NOT_WEIGHTS);
  const source = await sourceOf(torch.archive, pickle);
  const { value, broken, protocol } = await unpickle(source, { imports, watcher, signal });
  if (broken) watcher.refuse(broken.message);
  const version = await smallText(torch, 'version');
  return {
    format: 'pytorch',
    formatVersion: version === '' ? `zip, pickle ${protocol}` : `zip ${version}, pickle ${protocol}`,
    value,
    places: archivePlaces(torch, pickle, await isBigEndian(torch)),
    source,
    place: pickle.name,
    imports,
    broken: broken?.message ?? '',
    watcher,
    findings: archiveFindings(torch.archive),
    reasons: archiveReasons(torch.archive),
  };
}

/** What was found about the archive itself. */
export function archiveFindings(archive: ZipArchive): FindingList {
  const findings = new FindingList();
  for (const finding of archive.findings) findings.add(finding);
  return findings;
}
