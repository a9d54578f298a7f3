import { FormatError, LIMITS, type SiblingOpener, UserError } from '../../bytes';
import { byteLengthOf, type DType, type ExternalFile, type TensorStorage } from '../../model';
import type { FindingList } from '../findings';
import { safeRelativePath } from '../safePath';
import type { TensorProto } from './schema/onnx-ml_pb';
import { tensorLabel } from './tensors';

/** Files beside the model that hold tensors: looked up once, before the tensors that point into them are read. */
export class ExternalFiles {
  private constructor(
    private readonly sizes: ReadonlyMap<string, number | null>,
    private readonly refused: ReadonlyMap<string, string>,
    private readonly findings: FindingList,
  ) {}

  /** Looks up the size of every file that `locations` name; none of them is read. */
  static async find(locations: ReadonlySet<string>, open: SiblingOpener | undefined, findings: FindingList): Promise<ExternalFiles> {
    const sizes = new Map<string, number | null>();
    const refused = new Map<string, string>();
    for (const location of locations) {
      if (sizes.size >= LIMITS.externalFiles) {
        const message = `The model names ${locations.size} files beside it; only the first ${LIMITS.externalFiles} were looked for.`;
        findings.error('external-refused', message);
        break;
      }
      const checked = safeRelativePath(location);
      const found = 'refusal' in checked ? refuse(location, checked.refusal) : await sizeOf(open, checked.path);
      if ('refusal' in found) {
        refused.set(location, found.refusal);
        findings.error('external-refused', `Tensors of the model were not read: ${found.refusal}`);
      } else if (!sizes.has(found.path)) {
        sizes.set(found.path, found.size);
        if (found.size === null) findings.warn('external-missing', missingFile(found.path, open));
      }
    }
    return new ExternalFiles(sizes, refused, findings);
  }

  list(): readonly ExternalFile[] {
    return [...this.sizes].map(([path, size]) => ({ path, size }));
  }

  /** Where the elements of a tensor with `data_location` EXTERNAL are; what is wrong with that is a finding. */
  storageOf(tensor: TensorProto, dtype: DType, elements: number): TensorStorage {
    const range = this.rangeOf(tensor, dtype, elements);
    if (range.kind !== 'wrong') return range;
    this.findings.error('external-data', `${tensorLabel(tensor)} ${range.what}.`);
    return { kind: 'missing', reason: `The tensor ${range.what}.` };
  }

  /** The same without a finding. */
  rangeOf(tensor: TensorProto, dtype: DType, elements: number): TensorStorage | { readonly kind: 'wrong'; readonly what: string } {
    const entries = new Map(tensor.externalData.map((entry) => [entry.key, entry.value]));
    const location = entries.get('location') ?? '';
    const refusal = this.refused.get(location);
    if (refusal !== undefined) return { kind: 'missing', reason: refusal };
    const checked = safeRelativePath(location);
    if ('refusal' in checked) return wrong(`says that its values are in another file, but not in which`);
    const expected = byteLengthOf(dtype, elements);
    const offset = toOffset(entries.get('offset') ?? '0');
    const length = toOffset(entries.get('length') ?? String(expected));
    if (offset === null || length === null) return wrong(`has an external offset or length that is no number`);
    if (length !== expected) return wrong(`takes ${length} bytes of "${checked.path}" where its type and shape need ${expected}`);
    const size = this.sizes.get(checked.path) ?? null;
    if (size === null) return { kind: 'missing', reason: `Its file "${checked.path}" is not beside the model.` };
    if (offset + length > size) {
      return wrong(`needs bytes ${offset} to ${offset + length} of "${checked.path}", which has only ${size}`);
    }
    return { kind: 'bytes', file: checked.path, offset, length };
  }
}

function wrong(what: string): { readonly kind: 'wrong'; readonly what: string } {
  return { kind: 'wrong', what };
}

type Found = { readonly path: string; readonly size: number | null } | { readonly refusal: string };

function refuse(location: string, why: string): { readonly refusal: string } {
  return { refusal: `Their values are said to be in "${location}", a path that ${why}.` };
}

async function sizeOf(open: SiblingOpener | undefined, path: string): Promise<Found> {
  try {
    const source = open === undefined ? null : await open(path);
    return { path, size: source === null ? null : source.size };
  } catch (error) {
    // The opener throws these for a link that leads out of the folder, and for a file that may not be read.
    if (error instanceof FormatError || error instanceof UserError) return { refusal: error.message };
    throw error;
  }
}

function missingFile(path: string, open: SiblingOpener | undefined): string {
  if (open === undefined)
    return `Tensors are in "${path}", and files beside this model cannot be read from here; values are not available.`;
  return `Tensors are in "${path}", which is not beside the model; everything but their values is shown.`;
}

/** A decimal count, as ONNX writes offsets and lengths; `null` when it is none or passes what a number holds exactly. */
function toOffset(text: string): number | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}
