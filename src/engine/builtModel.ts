import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LimitError } from '../bytes';
import type { ArchitectureRequest, EngineApi, Handlers, ModelSource } from '../protocol';
import { withTemporaryFolder } from '../runtime/leftovers';

const NEVER = { signal: new AbortController().signal, progress: () => {} };

/**
 * A reference system with seeded weights as a file for as long as `use` takes.
 * @throws LimitError when its weights do not fit one ONNX file.
 */
export async function withBuilt<Result>(
  architectures: Pick<Handlers<EngineApi>, 'buildArchitecture'>,
  { family, variant, knobs }: ArchitectureRequest,
  use: (source: ModelSource) => Promise<Result>,
): Promise<Result> {
  const name = variant || family || '';
  const request = { ...(family ? { family } : {}), ...(variant ? { variant } : {}), ...(knobs ? { knobs } : {}) };
  const bytes = await architectures.buildArchitecture({ ...request, weights: 'seeded' }, NEVER).catch((error: unknown) => {
    if (!(error instanceof LimitError)) throw error;
    throw new LimitError(
      `${name} cannot be measured: with weights it is larger than the 2.1 GB that an ONNX file in one piece holds.`,
      error.limit,
    );
  });
  return withTemporaryFolder('model-loupe-built-', async (folder) => {
    const path = join(folder, 'model.onnx');
    await writeFile(path, bytes);
    return use({ kind: 'file', path });
  });
}
