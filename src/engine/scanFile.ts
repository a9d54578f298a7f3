import { BufferSource } from '../bytes';
import { scan } from '../formats/scan';
import type { ModelSource, ScanReport } from '../protocol';
import { fileName } from './analysisStore';
import { openFileSource } from './fileSource';

/** Looks for code in a file. @throws UserError when it cannot be read */
export async function scanFile(file: ModelSource, signal: AbortSignal): Promise<ScanReport> {
  const source = file.kind === 'file' ? await openFileSource(file.path) : new BufferSource(file.bytes);
  try {
    return await scan(source, { name: fileName(file), signal });
  } finally {
    await source.close();
  }
}
