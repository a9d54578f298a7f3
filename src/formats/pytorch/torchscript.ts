import { LIMITS } from '../../bytes';
import type { Checkpoint, CodeFile } from '../../model';
import { Imports, unpickle } from '../pickle';
import { readEntry } from '../zip';
import { archiveFindings } from './archive';
import { checkpointOf } from './loaded';
import { archivePlaces, archiveReasons, isBigEndian, NOT_WEIGHTS, smallText, sourceOf, type TorchArchive } from './torchArchive';
import type { Roles } from './walk';
import { WeightsOnly } from './weightsOnly';

/** Text of an archive that is listed in all, and of one entry. */
const CODE_BYTES = 4 * 2 ** 20;
const CODE_FILE_BYTES = 2 ** 20;

/**
 * A TorchScript archive: `data.pkl` holds the root module as an object of a class that a text below `code/` defines,
 * which also says which of its attributes are parameters and which buffers.
 * @throws FormatError, LimitError
 */
export async function openTorchScript(torch: TorchArchive, signal?: AbortSignal): Promise<Checkpoint> {
  const { archive } = torch;
  const pickle = torch.entry('data.pkl') ?? torch.entry('constants.pkl');
  if (!pickle) throw new TypeError('no pickle in a TorchScript archive');
  const imports = new Imports();
  const watcher = new WeightsOnly();
  watcher.refuse(NOT_WEIGHTS);
  const source = await sourceOf(archive, pickle);
  const { value, broken, protocol } = await unpickle(source, { imports, signal });
  const code = await codeOf(torch);
  const version = await smallText(torch, 'version');
  const checkpoint = await checkpointOf(
    {
      format: 'torchscript',
      formatVersion: `${version}, pickle ${protocol}`,
      value,
      places: archivePlaces(torch, pickle, await isBigEndian(torch)),
      source,
      place: pickle.name,
      imports,
      broken: broken?.message ?? '',
      watcher,
      findings: archiveFindings(archive),
      reasons: [...archiveReasons(archive), ...codeReasons(code)],
      roles: rolesOf(code),
      // Classes that texts of the archive define for a language of their own; PyTorch's reader of it imports no Python.
      known: (module) => module === '__torch__' || module.startsWith('__torch__.'),
    },
    signal,
  );
  return { ...checkpoint, code };
}

/** Text entries: the code, and what the model's author put beside it. Their numbers are bounded, and so is their length. */
async function codeOf({ archive, root }: TorchArchive): Promise<readonly CodeFile[]> {
  const files: CodeFile[] = [];
  let left = CODE_BYTES;
  for (const [name, entry] of archive.entries) {
    const path = name.slice(root.length);
    const wanted = /^code\/.*\.py$/.test(path) || path.startsWith('extra/');
    const { size } = entry.place;
    if (!wanted || entry.refusal !== null || size > CODE_FILE_BYTES || size > left || files.length >= LIMITS.codeFiles) continue;
    const bytes = await readEntry(archive, entry, CODE_FILE_BYTES);
    if (bytes.includes(0)) continue;
    files.push({ path, text: new TextDecoder().decode(bytes) });
    left -= size;
  }
  return files;
}

/** TorchScript cannot run commands; these of its operators reach files. */
function codeReasons(code: readonly CodeFile[]): readonly string[] {
  const found = code.find(({ text }) => /\b(?:torch|ops\.aten)\.(?:save|load|from_file|_save\w*)\(/.test(text));
  return found ? [`The code in ${found.path} reads or writes files.`] : [];
}

/** Classes by their full names, with the lists that their texts begin with. */
function rolesOf(code: readonly CodeFile[]): Roles {
  const classes = new Map<string, { parameters: ReadonlySet<string>; buffers: ReadonlySet<string> }>();
  for (const { path, text } of code) {
    const module = path
      .replace(/^code\//, '')
      .replace(/\.py$/, '')
      .replaceAll('/', '.');
    const found = [...text.matchAll(/^class (\w+)\(Module\):$/gm)];
    for (const [index, match] of found.entries()) {
      const body = text.slice(match.index, found[index + 1]?.index ?? text.length);
      classes.set(`${module}.${match[1]}`, { parameters: listed(body, '__parameters__'), buffers: listed(body, '__buffers__') });
    }
  }
  return (type) => classes.get(type) ?? null;
}

/** `__parameters__ = ["weight", "bias", ]` */
function listed(body: string, name: string): ReadonlySet<string> {
  const list = new RegExp(`^  ${name} = \\[([^\\]]*)\\]`, 'm').exec(body)?.[1] ?? '';
  return new Set([...list.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? ''));
}
